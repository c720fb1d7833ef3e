#define _GNU_SOURCE

#include "fovea_system.h"

#include <errno.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

void fovea_name_thread(const char *name) {
    // Swift cannot call a function of variable arguments.
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

int fovea_allowed_processors(void) {
    // A kernel that is built for more processors than the mask has bits answers EINVAL, however few of them there are.
    for (int bits = CPU_SETSIZE; bits <= 1 << 20; bits *= 2) {
        cpu_set_t *mask = CPU_ALLOC(bits);
        if (mask == NULL) return 0;
        size_t size = CPU_ALLOC_SIZE(bits);
        // The first thread's, whichever thread asks: one of a library may be bound to a processor of its own.
        int code = sched_getaffinity(getpid(), size, mask);
        int reason = errno;
        int count = code == 0 ? CPU_COUNT_S(size, mask) : 0;
        CPU_FREE(mask);
        if (code == 0) return count;
        if (reason != EINVAL) return 0;
    }
    return 0;
}
