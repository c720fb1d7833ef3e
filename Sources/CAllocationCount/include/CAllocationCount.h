#pragma once

#include <stdbool.h>

/// Whether allocations are counted: not in a build with a sanitizer, which brings an allocator of its own.
bool fovea_counts_allocations(void);

/// How many blocks of memory the calling thread has asked for, anew or in another size.
long fovea_allocations(void);
