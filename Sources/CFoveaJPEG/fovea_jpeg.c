#include "fovea_jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

/* jpeglib.h needs stdio.h before it, and jerror.h jpeglib.h. */
#include <jpeglib.h>

#include <jerror.h>

typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf escape;
    char *message;
    size_t message_size;
} error_state;

typedef struct {
    struct jpeg_progress_mgr manager;
    int maximum_scans;
    int exceeded;
} scan_guard;

static void fail(j_common_ptr common) {
    error_state *state = (error_state *)common->err;
    char words[JMSG_LENGTH_MAX];
    state->manager.format_message(common, words);
    snprintf(state->message, state->message_size, "%s", words);
    longjmp(state->escape, 1);
}

static void keep_quiet(j_common_ptr common) { (void)common; }

/* libjpeg calls this once per row of blocks while it absorbs a file of several scans. A progressive file may repeat a scan
   thousands of times at a few bytes each. */
static void check_scans(j_common_ptr common) {
    scan_guard *guard = (scan_guard *)common->progress;
    j_decompress_ptr decompress = (j_decompress_ptr)common;
    if (common->is_decompressor && decompress->input_scan_number > guard->maximum_scans) {
        guard->exceeded = 1;
        ERREXIT(common, JERR_BAD_PROGRESSION);
    }
}

/* A source over one block of memory that suspends at its end, as Pillow's does: libjpeg's own memory source invents an
   end-of-image marker there and a truncated picture comes out grey below. */
static void start_source(j_decompress_ptr decompress) { (void)decompress; }

static boolean suspend(j_decompress_ptr decompress) {
    (void)decompress;
    return FALSE;
}

static void skip(j_decompress_ptr decompress, long count) {
    struct jpeg_source_mgr *source = decompress->src;
    if (count <= 0) return;
    size_t step = (size_t)count < source->bytes_in_buffer ? (size_t)count : source->bytes_in_buffer;
    source->next_input_byte += step;
    source->bytes_in_buffer -= step;
}

static void set_source(struct jpeg_source_mgr *source, const uint8_t *bytes, size_t count) {
    memset(source, 0, sizeof *source);
    source->init_source = start_source;
    source->fill_input_buffer = suspend;
    source->skip_input_data = skip;
    source->resync_to_restart = jpeg_resync_to_restart;
    source->term_source = start_source;
    source->next_input_byte = bytes;
    source->bytes_in_buffer = count;
}

static uint64_t round_up(uint64_t count, int multiple) { return (count + multiple - 1) / multiple * multiple; }

/* libjpeg gathers the coefficients of every scan before it makes a pixel of them: for each component whole blocks, rounded up to its
   sampling factors (jdcoefct.c, jinit_d_coef_controller). */
static uint64_t coefficients(j_decompress_ptr decompress) {
    uint64_t blocks = 0;
    if (!jpeg_has_multiple_scans(decompress)) return 0;
    for (int i = 0; i < decompress->num_components; i++) {
        const jpeg_component_info *component = &decompress->comp_info[i];
        blocks += round_up(component->width_in_blocks, component->h_samp_factor) *
                  round_up(component->height_in_blocks, component->v_samp_factor);
    }
    return blocks * sizeof(JBLOCK);
}

static fovea_jpeg_status read_header(j_decompress_ptr decompress, fovea_jpeg_info *info) {
    int found;
    do {
        found = jpeg_read_header(decompress, FALSE);
    } while (found == JPEG_HEADER_TABLES_ONLY);
    if (found == JPEG_SUSPENDED) return FOVEA_JPEG_TRUNCATED;
    info->width = decompress->image_width;
    info->height = decompress->image_height;
    info->components = decompress->num_components;
    info->coefficients = coefficients(decompress);
    return FOVEA_JPEG_OK;
}

fovea_jpeg_status fovea_jpeg_read_header(const uint8_t *bytes, size_t count, fovea_jpeg_info *info) {
    memset(info, 0, sizeof *info);
    struct jpeg_decompress_struct decompress;
    struct jpeg_source_mgr source;
    error_state error;
    memset(&decompress, 0, sizeof decompress);
    decompress.err = jpeg_std_error(&error.manager);
    error.manager.error_exit = fail;
    error.manager.output_message = keep_quiet;
    error.message = info->message;
    error.message_size = sizeof info->message;
    if (setjmp(error.escape)) {
        jpeg_destroy_decompress(&decompress);
        return FOVEA_JPEG_BROKEN;
    }
    jpeg_create_decompress(&decompress);
    set_source(&source, bytes, count);
    decompress.src = &source;
    fovea_jpeg_status status = read_header(&decompress, info);
    jpeg_destroy_decompress(&decompress);
    return status;
}

/* Pillow's MULDIV255: a * b / 255, rounded. */
static inline int times(int a, int b) {
    int product = a * b + 128;
    return ((product >> 8) + product) >> 8;
}

/* Pillow takes every four-channel JPEG for Adobe's inverted kind (rawmode "CMYK;I"), then converts as `cmyk2rgb` in its Convert.c. */
static void cmyk_row(const JSAMPLE *row, uint8_t *out, uint32_t width) {
    for (uint32_t x = 0; x < width; x++, row += 4, out += 3) {
        int white = row[3];
        for (int c = 0; c < 3; c++) {
            int value = white - times(255 - row[c], white);
            out[c] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
        }
    }
}

fovea_jpeg_status fovea_jpeg_decode(
    const uint8_t *bytes, size_t count, int maximum_scans, fovea_jpeg_info *info, uint8_t *pixels) {
    const uint32_t width = info->width, height = info->height;
    const int components = info->components;
    struct jpeg_decompress_struct decompress;
    struct jpeg_source_mgr source;
    error_state error;
    scan_guard guard;
    info->message[0] = 0;
    memset(&decompress, 0, sizeof decompress);
    memset(&guard, 0, sizeof guard);
    decompress.err = jpeg_std_error(&error.manager);
    error.manager.error_exit = fail;
    error.manager.output_message = keep_quiet;
    error.message = info->message;
    error.message_size = sizeof info->message;
    if (setjmp(error.escape)) {
        jpeg_destroy_decompress(&decompress);
        return guard.exceeded ? FOVEA_JPEG_TOO_MANY_SCANS : FOVEA_JPEG_BROKEN;
    }
    jpeg_create_decompress(&decompress);
    set_source(&source, bytes, count);
    decompress.src = &source;
    guard.manager.progress_monitor = check_scans;
    guard.maximum_scans = maximum_scans;
    decompress.progress = &guard.manager;

    fovea_jpeg_status status = read_header(&decompress, info);
    if (status != FOVEA_JPEG_OK) {
        jpeg_destroy_decompress(&decompress);
        return status;
    }
    if (info->width != width || info->height != height || info->components != components) {
        jpeg_destroy_decompress(&decompress);
        snprintf(info->message, sizeof info->message, "the header changed between two readings");
        return FOVEA_JPEG_BROKEN;
    }
    decompress.out_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
    if (!jpeg_start_decompress(&decompress)) {
        jpeg_destroy_decompress(&decompress);
        return FOVEA_JPEG_TRUNCATED;
    }
    JSAMPARRAY row = NULL;
    if (components == 4) {
        row = (*decompress.mem->alloc_sarray)((j_common_ptr)&decompress, JPOOL_IMAGE, width * 4, 1);
    }
    const size_t stride = (size_t)width * (components == 1 ? 1 : 3);
    while (decompress.output_scanline < decompress.output_height) {
        uint8_t *out = pixels + stride * decompress.output_scanline;
        JSAMPROW line = row != NULL ? row[0] : out;
        if (jpeg_read_scanlines(&decompress, &line, 1) != 1) {
            jpeg_destroy_decompress(&decompress);
            return FOVEA_JPEG_TRUNCATED;
        }
        if (row != NULL) cmyk_row(line, out, width);
    }
    /* What follows the last row does not matter, a missing end marker included; an error that libjpeg raises there does (as in Pillow).
       A second frame header that is cut short counts as one, as libjpeg-turbo 3 has it; 2 would wait for the rest. */
    const boolean finished = jpeg_finish_decompress(&decompress);
    const int marker = decompress.unread_marker;
    jpeg_destroy_decompress(&decompress);
    if (!finished && marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
        snprintf(info->message, sizeof info->message, "a second frame header follows the picture");
        return FOVEA_JPEG_BROKEN;
    }
    return FOVEA_JPEG_OK;
}
