#include "fovea_system.h"

#include <sys/prctl.h>

void fovea_name_thread(const char *name) {
    // Swift cannot call a function of variable arguments.
    prctl(PR_SET_NAME, name, 0, 0, 0);
}
