#ifndef FOVEA_JPEG_H
#define FOVEA_JPEG_H

#include <stddef.h>
#include <stdint.h>

/// What became of a call. libjpeg's `longjmp` never leaves this library's frames.
typedef enum {
    FOVEA_JPEG_OK = 0,
    /// The data ended before the picture did.
    FOVEA_JPEG_TRUNCATED = 1,
    /// libjpeg refused the data; `message` holds its words.
    FOVEA_JPEG_BROKEN = 2,
    /// More scans than the caller allows.
    FOVEA_JPEG_TOO_MANY_SCANS = 3,
} fovea_jpeg_status;

typedef struct {
    uint32_t width;
    uint32_t height;
    /// Channels in the file: 1, 3 or 4.
    int components;
    /// Bytes of coefficients that decoding holds beside the pixels: those of the whole picture where it has several scans, else none.
    uint64_t coefficients;
    /// libjpeg's message after `FOVEA_JPEG_BROKEN`; empty otherwise.
    char message[256];
} fovea_jpeg_info;

/// Reads the header alone: sizes are known before anything is allocated for the pixels.
fovea_jpeg_status fovea_jpeg_read_header(const uint8_t *bytes, size_t count, fovea_jpeg_info *info);

/// Decodes into `pixels`: `width * height` bytes for one component, `width * height * 3` (RGB) for three or four.
/// `width`, `height` and `components` are those that `fovea_jpeg_read_header` gave; the call fails where they differ.
fovea_jpeg_status fovea_jpeg_decode(
    const uint8_t *bytes, size_t count, int maximum_scans, fovea_jpeg_info *info, uint8_t *pixels);

#endif
