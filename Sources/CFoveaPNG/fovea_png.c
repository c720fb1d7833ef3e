#include "fovea_png.h"

#include <limits.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

/* zlib then promises not to write to what it reads. */
#define ZLIB_CONST
#include <zlib.h>

/* What libpng reads: signature, IHDR, the palette where the kind needs one, and every slice as one long IDAT. The caller has walked the
   file's chunks by Pillow's rules already, so libpng is left with what it is best at. */
typedef struct {
    uint8_t head[8 + 25 + 12 + 768 + 8];
    size_t head_count;
    size_t head_position;
    const fovea_png_source *source;
    size_t slice;
    size_t slice_position;
    int ended;
    uint64_t rows_done;
} reader;

typedef struct {
    char *message;
} error_state;

static void fail(png_structp png, png_const_charp words) {
    error_state *state = png_get_error_ptr(png);
    snprintf(state->message, 256, "%s", words);
    png_longjmp(png, 1);
}

static void keep_quiet(png_structp png, png_const_charp words) {
    (void)png;
    (void)words;
}

/* Pillow reads 16-bit grey as mode I;16, which becomes L or RGB by clipping, not by scaling: everything above 255 turns white. */
static int clips(const fovea_png_source *source) { return source->color_type == 0 && source->bit_depth == 16; }

static void put32(uint8_t *out, uint32_t value) {
    out[0] = (uint8_t)(value >> 24);
    out[1] = (uint8_t)(value >> 16);
    out[2] = (uint8_t)(value >> 8);
    out[3] = (uint8_t)value;
}

static void begin_chunk(reader *state, const char *name, uint32_t count) {
    put32(state->head + state->head_count, count);
    memcpy(state->head + state->head_count + 4, name, 4);
    state->head_count += 8;
}

static void prepare(reader *state, const fovea_png_source *source) {
    static const uint8_t signature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    memset(state, 0, sizeof *state);
    state->source = source;
    memcpy(state->head, signature, 8);
    state->head_count = 8;
    begin_chunk(state, "IHDR", 13);
    uint8_t *header = state->head + state->head_count;
    put32(header, source->width);
    put32(header + 4, source->height);
    header[8] = source->bit_depth;
    header[9] = source->color_type;
    header[12] = source->interlaced ? 1 : 0;
    state->head_count += 13 + 4; /* the checksum stays zero: libpng is told not to look */
    if (source->color_type == 3) {
        uint32_t entries = 1u << source->bit_depth;
        begin_chunk(state, "PLTE", entries * 3);
        memcpy(state->head + state->head_count, source->palette, entries * 3);
        state->head_count += entries * 3 + 4;
    }
    uint64_t total = 0;
    for (size_t i = 0; i < source->slice_count; i++) total += source->slices[i].count;
    begin_chunk(state, "IDAT", total > 0x7fffffff ? 0x7fffffff : (uint32_t)total);
}

static void give(png_structp png, png_bytep out, size_t count) {
    reader *state = png_get_io_ptr(png);
    while (count > 0) {
        const uint8_t *from;
        size_t available;
        if (state->head_position < state->head_count) {
            from = state->head + state->head_position;
            available = state->head_count - state->head_position;
            if (available > count) available = count;
            state->head_position += available;
        } else if (state->slice < state->source->slice_count) {
            const fovea_png_slice *slice = &state->source->slices[state->slice];
            from = state->source->bytes + slice->offset + state->slice_position;
            available = slice->count - state->slice_position;
            if (available > count) available = count;
            state->slice_position += available;
            if (state->slice_position == slice->count) {
                state->slice++;
                state->slice_position = 0;
            }
        } else {
            state->ended = 1;
            png_error(png, "the data ends before the picture does");
        }
        memcpy(out, from, available);
        out += available;
        count -= available;
    }
}

/* libpng calls this for each row of each pass, after every other conversion. Once it was called for the last one, nothing that the file
   holds can change the picture: Pillow looks no further, while libpng still wants the end of the compressed stream and its checksum. */
static void finish_row(png_structp png, png_row_infop info, png_bytep row) {
    reader *state = png_get_user_transform_ptr(png);
    if (clips(state->source)) {
        for (png_uint_32 x = 0; x < info->width; x++) row[x] = row[2 * (size_t)x] ? 255 : row[2 * (size_t)x + 1];
    }
    state->rows_done++;
}

static uint64_t rows_expected(const fovea_png_source *source) {
    if (!source->interlaced) return source->height;
    uint64_t total = 0;
    for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++) {
        if (PNG_PASS_COLS(source->width, pass) > 0) total += PNG_PASS_ROWS(source->height, pass);
    }
    return total;
}

/* Has libpng make of each row what Pillow's Unpack.c and Convert.c make of it for "L" and "RGB", so that nothing but the result is held,
   of an interlaced picture neither: colours of a palette, samples below 8 bits scaled up, the high bytes of wider ones, no alpha. */
static void set_conversions(png_structp png, reader *state) {
    const fovea_png_source *source = state->source;
    png_set_read_user_transform_fn(png, finish_row);
    png_set_user_transform_info(png, state, clips(source) ? 8 : 0, clips(source) ? 1 : 0);
    switch (source->color_type) {
        case 0:
            if (source->bit_depth < 8) png_set_expand_gray_1_2_4_to_8(png);
            break;
        case 3: png_set_palette_to_rgb(png); break;
        default:
            png_set_strip_alpha(png);
            png_set_strip_16(png);
    }
}

fovea_png_status fovea_png_decode(const fovea_png_source *source, uint8_t *pixels, char message[256]) {
    reader state;
    error_state error = {message};
    png_infop info = NULL;
    message[0] = 0;
    prepare(&state, source);
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &error, fail, keep_quiet);
    if (png == NULL) return FOVEA_PNG_NO_MEMORY;
    info = png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_read_struct(&png, NULL, NULL);
        return FOVEA_PNG_NO_MEMORY;
    }
    if (setjmp(png_jmpbuf(png))) {
        png_destroy_read_struct(&png, &info, NULL);
        return state.rows_done == rows_expected(source) ? FOVEA_PNG_OK : state.ended ? FOVEA_PNG_TRUNCATED : FOVEA_PNG_BROKEN;
    }
    png_set_read_fn(png, &state, give);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_crc_action(png, PNG_CRC_QUIET_USE, PNG_CRC_QUIET_USE);
    png_set_check_for_invalid_index(png, 0);
    png_read_info(png, info);
    set_conversions(png, &state);
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);

    const size_t stride = (size_t)source->width * (source->color_type == 0 || source->color_type == 4 ? 1 : 3);
    if (png_get_rowbytes(png, info) != stride) png_error(png, "the rows are of another size than the picture's");
    for (int pass = 0; pass < passes; pass++) {
        for (uint32_t y = 0; y < source->height; y++) png_read_row(png, pixels + stride * y, NULL);
    }
    png_destroy_read_struct(&png, &info, NULL);
    return FOVEA_PNG_OK;
}

typedef struct {
    uint8_t *bytes;
    size_t count;
    size_t capacity;
} writer;

static void take(png_structp png, png_bytep bytes, size_t count) {
    writer *state = png_get_io_ptr(png);
    if (count > SIZE_MAX / 2 - state->count) png_error(png, "the picture is too large");
    if (state->count + count > state->capacity) {
        size_t capacity = state->capacity * 2;
        if (capacity < state->count + count) capacity = state->count + count;
        uint8_t *larger = realloc(state->bytes, capacity);
        if (larger == NULL) png_error(png, "out of memory");
        state->bytes = larger;
        state->capacity = capacity;
    }
    memcpy(state->bytes + state->count, bytes, count);
    state->count += count;
}

static void flush(png_structp png) { (void)png; }

fovea_png_status fovea_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int compression, uint8_t **encoded, size_t *count,
    char message[256]) {
    error_state error = {message};
    writer state = {NULL, 0, 0};
    png_infop info = NULL;
    message[0] = 0;
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &error, fail, keep_quiet);
    if (png == NULL) return FOVEA_PNG_NO_MEMORY;
    info = png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_write_struct(&png, NULL);
        return FOVEA_PNG_NO_MEMORY;
    }
    if (setjmp(png_jmpbuf(png))) {
        free(state.bytes);
        png_destroy_write_struct(&png, &info);
        return FOVEA_PNG_BROKEN;
    }
    state.capacity = 4096;
    state.bytes = malloc(state.capacity);
    if (state.bytes == NULL) png_error(png, "out of memory");
    png_set_write_fn(png, &state, take, flush);
    png_set_user_limits(png, 0x7fffffff, 0x7fffffff);
    png_set_compression_level(png, compression);
    png_set_IHDR(
        png, info, width, height, 8, channels == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
        PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    const size_t stride = (size_t)width * (size_t)channels;
    for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + stride * y);
    png_write_end(png, info);
    png_destroy_write_struct(&png, &info);
    *encoded = state.bytes;
    *count = state.count;
    return FOVEA_PNG_OK;
}

void fovea_png_free(uint8_t *encoded) { free(encoded); }

fovea_png_status fovea_png_inflate(const uint8_t *bytes, size_t count, uint8_t *text, size_t limit, size_t *written) {
    z_stream stream;
    memset(&stream, 0, sizeof stream);
    *written = 0;
    if (count > UINT_MAX || limit > UINT_MAX) return FOVEA_PNG_TOO_LARGE;
    if (inflateInit(&stream) != Z_OK) return FOVEA_PNG_NO_MEMORY;
    stream.next_in = bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = text;
    stream.avail_out = (uInt)limit;
    /* One call goes as far as input and room reach. */
    const int code = inflate(&stream, Z_SYNC_FLUSH);
    const int is_left = stream.avail_in > 0;
    *written = limit - stream.avail_out;
    inflateEnd(&stream);
    switch (code) {
        case Z_STREAM_END: return FOVEA_PNG_OK;
        case Z_OK:
        case Z_BUF_ERROR: return is_left ? FOVEA_PNG_TOO_LARGE : FOVEA_PNG_OK;
        case Z_MEM_ERROR: return FOVEA_PNG_NO_MEMORY;
        default: return FOVEA_PNG_BROKEN;
    }
}
