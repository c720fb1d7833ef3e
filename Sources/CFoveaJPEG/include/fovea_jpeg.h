#ifndef FOVEA_JPEG_H
#define FOVEA_JPEG_H
#endif
