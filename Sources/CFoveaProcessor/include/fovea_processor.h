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

/// Has this thread take subnormal numbers for zeros, and results that would be subnormal too: each costs many processors a hundred times as much as another.
/// Returns what `fovea_set_float_control` takes back.
static inline unsigned fovea_flush_subnormals(void) {
#if defined(__x86_64__)
    // MXCSR's FTZ and DAZ (Intel's manual, volume 1, 10.2.3).
    unsigned control = __builtin_ia32_stmxcsr();
    __builtin_ia32_ldmxcsr(control | 0x8040);
    return control;
#else
    return 0;
#endif
}

static inline void fovea_set_float_control(unsigned control) {
#if defined(__x86_64__)
    __builtin_ia32_ldmxcsr(control);
#endif
}

/// Asks for the cache line at an address that will be read at once, into the nearest cache; any address will do.
static inline void fovea_prefetch_near(const void *_Nonnull address) { __builtin_prefetch(address, 0, 3); }

/// Likewise of one that will be read soon, into the second-level cache.
static inline void fovea_prefetch(const void *_Nonnull address) { __builtin_prefetch(address, 0, 2); }

typedef float fovea_floats16 __attribute__((ext_vector_type(16)));

/// Copies sixteen numbers to an address that is a multiple of 64 bytes, past the caches: its line is not read first, and pushes no other one out.
/// Other threads see them after `fovea_fence_stores`.
static inline __attribute__((always_inline)) void fovea_store_past_caches(const float *_Nonnull source, float *_Nonnull target) {
    fovea_floats16 vector;
    __builtin_memcpy(&vector, source, sizeof vector);
    __builtin_nontemporal_store(vector, (fovea_floats16 *)target);
}

/// Has what was stored past the caches be seen before anything that is stored later.
static inline void fovea_fence_stores(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#else
    __atomic_thread_fence(__ATOMIC_RELEASE);
#endif
}

#if defined(__FMA__)
/// sum + a · b in each lane, rounded once, as one instruction. Swift's `addingProduct` goes lane by lane, and the compiler does not always
/// put the lanes together again.
typedef float fovea_floats8 __attribute__((ext_vector_type(8)));
static inline __attribute__((always_inline)) fovea_floats16 fovea_multiply_add16(fovea_floats16 sum, fovea_floats16 a, fovea_floats16 b) {
    return __builtin_elementwise_fma(a, b, sum);
}
static inline __attribute__((always_inline)) fovea_floats8 fovea_multiply_add8(fovea_floats8 sum, fovea_floats8 a, fovea_floats8 b) {
    return __builtin_elementwise_fma(a, b, sum);
}
#endif

#if defined(__AVX512F__)
/// The lanes of a vector in another order: for each lane, which one it takes.
typedef int fovea_ints16 __attribute__((ext_vector_type(16)));
static inline __attribute__((always_inline)) fovea_floats16 fovea_permute16(fovea_floats16 vector, fovea_ints16 order) {
    return __builtin_ia32_permvarsf512(vector, order);
}

/// The lanes of two vectors: for each lane, which one it takes, 0 to 15 of the first and 16 to 31 of the second.
static inline __attribute__((always_inline)) fovea_floats16 fovea_permute_two16(fovea_floats16 first, fovea_ints16 order, fovea_floats16 second) {
    return __builtin_ia32_vpermi2varps512(first, order, second);
}

/// 1 / x in each lane, with a relative error of 2⁻¹⁴ at most (VRCP14PS).
static inline __attribute__((always_inline)) fovea_floats16 fovea_estimate_reciprocal16(fovea_floats16 vector) {
    return __builtin_ia32_rcp14ps512_mask(vector, vector, (unsigned short)-1);
}
#endif

#endif
