// The allocator's functions, counted and handed on to glibc's own. The program's definitions come before those of shared libraries, so that
// Swift's runtime calls these too. OpenBLAS does as well, and packs small matrices into memory of its own for some processors and not for others; what it
// asks for is its own affair and is not counted.

#define _GNU_SOURCE

#include "CAllocationCount.h"

#include <errno.h>
#include <link.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif

static _Thread_local long count;

long fovea_allocations(void) { return count; }

#if defined(SANITIZED) || !defined(__GLIBC__)

bool fovea_counts_allocations(void) { return false; }

#else

bool fovea_counts_allocations(void) { return true; }

// Where OpenBLAS's code lies.
static uintptr_t blas_start;
static size_t blas_size;

static int find_blas(struct dl_phdr_info *library, size_t size, void *unused) {
    (void)size;
    (void)unused;
    if (strstr(library->dlpi_name, "libopenblas") == NULL) return 0;
    for (int index = 0; index < library->dlpi_phnum; index++) {
        const ElfW(Phdr) *segment = &library->dlpi_phdr[index];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_X) == 0) continue;
        blas_start = library->dlpi_addr + segment->p_vaddr;
        blas_size = segment->p_memsz;
    }
    return 1;
}

// Before the tests, on their only thread.
__attribute__((constructor)) static void find(void) { dl_iterate_phdr(find_blas, NULL); }

#define COUNT() \
    if ((uintptr_t)__builtin_return_address(0) - blas_start >= blas_size) count++

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t number, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
    COUNT();
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    COUNT();
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size) {
    COUNT();
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size) {
    COUNT();
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    COUNT();
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size) {
    COUNT();
    void *made = __libc_memalign(alignment, size);
    if (made == NULL) return ENOMEM;
    *block = made;
    return 0;
}

#endif
