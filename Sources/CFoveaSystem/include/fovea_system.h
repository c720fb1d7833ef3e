#ifndef FOVEA_SYSTEM_H
#define FOVEA_SYSTEM_H

/// Names the calling thread; Linux keeps the first fifteen bytes.
void fovea_name_thread(const char *name);

/// How many processors the process may run on: those of its affinity mask that are online. 0 where the system does not say.
int fovea_allowed_processors(void);

#endif
