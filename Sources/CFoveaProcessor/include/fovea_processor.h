#ifndef FOVEA_PROCESSOR_H
#define FOVEA_PROCESSOR_H

/// What the processor offers and the operating system saves on a thread switch, by CPUID and XGETBV.
int fovea_has_avx2(void);
int fovea_has_avx512(void);

/// Tells the processor that a loop waits for another thread.
static inline void fovea_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

/// Asks for the cache line at an address that will be read soon; any address will do.
static inline void fovea_prefetch(const void *_Nonnull address) { __builtin_prefetch(address, 0, 2); }

#endif
