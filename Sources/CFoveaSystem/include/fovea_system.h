#ifndef FOVEA_SYSTEM_H
#define FOVEA_SYSTEM_H

/// Names the calling thread; Linux keeps the first fifteen bytes.
void fovea_name_thread(const char *name);

#endif
