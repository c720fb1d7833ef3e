#ifndef FOVEA_PNG_H
#define FOVEA_PNG_H
#endif
