#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/* prctl(2) takes any arguments, which Swift cannot call. */
static inline void fovea_name_thread(const char *name) { prctl(PR_SET_NAME, name); }
