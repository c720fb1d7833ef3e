#include "fovea_png.h"
