#include "fovea_jpeg.h"
