#ifndef FOVEA_PNG_H
#define FOVEA_PNG_H

#include <stddef.h>
#include <stdint.h>

/// What became of a call. libpng's `longjmp` never leaves this library's frames.
typedef enum {
    FOVEA_PNG_OK = 0,
    /// The data ended before the picture did.
    FOVEA_PNG_TRUNCATED = 1,
    /// libpng refused the data; `message` holds its words.
    FOVEA_PNG_BROKEN = 2,
    FOVEA_PNG_NO_MEMORY = 3,
    /// A text is larger than its limit.
    FOVEA_PNG_TOO_LARGE = 4,
} fovea_png_status;

/// A stretch of compressed picture data: the content of one IDAT chunk, or what is there of it.
typedef struct {
    size_t offset;
    size_t count;
} fovea_png_slice;

typedef struct {
    uint32_t width;
    uint32_t height;
    /// 1, 2, 4, 8 or 16.
    uint8_t bit_depth;
    /// 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha.
    uint8_t color_type;
    /// 0, or 1 for Adam7.
    uint8_t interlaced;
    /// RGB for every index a palette picture can hold; unused otherwise.
    uint8_t palette[768];
    const uint8_t *bytes;
    const fovea_png_slice *slices;
    size_t slice_count;
} fovea_png_source;

/// Inflates, unfilters and de-interlaces, and brings each row to 8 bits as Pillow does: `width * height` bytes for grey, three times
/// that (RGB) for the other kinds. Alpha is dropped. Holds some rows besides `pixels`.
fovea_png_status fovea_png_decode(const fovea_png_source *source, uint8_t *pixels, char message[256]);

/// Encodes 8-bit grey (`channels` 1) or RGB (3). On success `*encoded` is the caller's to release with `fovea_png_free`.
fovea_png_status fovea_png_encode(
    const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int compression, uint8_t **encoded, size_t *count,
    char message[256]);

void fovea_png_free(uint8_t *encoded);

/// Inflates a text's zlib stream (RFC 1950) into at most `limit` bytes at `text`, as Python's `zlib.decompressobj().decompress(bytes, limit)`
/// does: a stream that is cut short gives what is there of it, and what follows its end is left alone. `FOVEA_PNG_TOO_LARGE` where more is
/// left to inflate than there is room for, `FOVEA_PNG_BROKEN` where the stream is corrupt. `*written` counts the bytes at `text`.
fovea_png_status fovea_png_inflate(const uint8_t *bytes, size_t count, uint8_t *text, size_t limit, size_t *written);

#endif
