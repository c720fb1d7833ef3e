// The machine's limits: floors KIND THREADS SECONDS prints billions of float32 (KIND f32) or bfloat16 (bf16) operations a second,
// or gigabytes read from memory a second (read); floors handover 2 SECONDS how many nanoseconds a cache line takes from the first processor to the
// second and back. Compile with -O3 -march=native -pthread: it measures the instructions it was built with.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef __AVX512BF16__
#include <immintrin.h>
#endif

#ifdef __AVX512F__
#define BYTES 64
#else
#define BYTES 32
#endif
// Enough sums in flight to hide the latency of a multiply-add, few enough to stay in registers.
#define SUMS 12
// Of each thread: far more than any cache holds.
#define BUFFER ((size_t)256 << 20)

typedef float floats __attribute__((vector_size(BYTES)));

enum kind { F32, BF16, READ };

struct job {
    enum kind kind;
    double seconds;
    pthread_barrier_t *start;
    double rate;
    double sink;
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + 1e-9 * time.tv_nsec;
}

static double total(const floats *sums) {
    double total = 0;
    for (int i = 0; i < SUMS; i++)
        for (size_t lane = 0; lane < BYTES / sizeof(float); lane++) total += sums[i][lane];
    return total;
}

/// Hides that all sums begin alike: the compiler would compute one and call it twelve.
static inline __attribute__((always_inline)) void tell_apart(floats *sums) {
#pragma GCC unroll 12
    for (int i = 0; i < SUMS; i++) __asm__("" : "+x"(sums[i]));
}

/// Multiply-adds that depend on nothing but their own sums; returns the operations done.
static double multiply_add(double *sink) {
    enum { ROUNDS = 200000 };
    floats sums[SUMS] = {0}, a, b;
    for (size_t lane = 0; lane < BYTES / sizeof(float); lane++) a[lane] = b[lane] = 0.5f;
    tell_apart(sums);
    for (int round = 0; round < ROUNDS; round++) {
        __asm__("" : "+x"(a), "+x"(b));  // not a constant, so that nothing is computed ahead
#pragma GCC unroll 12
        for (int i = 0; i < SUMS; i++) sums[i] += a * b;
    }
    *sink += total(sums);
    return 2.0 * ROUNDS * SUMS * (BYTES / sizeof(float));
}

/// Dot products of pairs of bfloat16 into float32; 0 where the machine has none.
static double dot_bf16(double *sink) {
#ifdef __AVX512BF16__
    enum { ROUNDS = 200000 };
    floats sums[SUMS] = {0};
    __m512bh a = (__m512bh)_mm512_set1_epi16(0x3f00), b = a;
    tell_apart(sums);
    for (int round = 0; round < ROUNDS; round++) {
        __asm__("" : "+x"(a), "+x"(b));
#pragma GCC unroll 12
        for (int i = 0; i < SUMS; i++) sums[i] = (floats)_mm512_dpbf16_ps((__m512)sums[i], a, b);
    }
    *sink += total(sums);
    return 4.0 * ROUNDS * SUMS * 16;
#else
    (void)sink;
    return 0;
#endif
}

/// One sum over the buffer; returns the bytes read.
static double read_once(const floats *buffer, double *sink) {
    floats sums[SUMS] = {0};
    size_t count = BUFFER / sizeof(floats), i = 0;
    for (; i + SUMS <= count; i += SUMS)
#pragma GCC unroll 12
        for (int j = 0; j < SUMS; j++) sums[j] += buffer[i + j];
    *sink += total(sums);
    return (double)i * sizeof(floats);
}

static _Alignas(128) atomic_int passed;

static void stay_on(int place) {
    cpu_set_t allowed, one;
    if (sched_getaffinity(0, sizeof allowed, &allowed)) return;
    for (int processor = 0; processor < CPU_SETSIZE; processor++)
        if (CPU_ISSET(processor, &allowed) && place-- == 0) {
            CPU_ZERO(&one);
            CPU_SET(processor, &one);
            sched_setaffinity(0, sizeof one, &one);
        }
}

/// Hands back every odd number, plus one, until it is negative.
static void *hand_back(void *argument) {
    stay_on(1);
    for (;;) {
        int seen = atomic_load_explicit(&passed, memory_order_acquire);
        if (seen < 0) return argument;
        if (seen % 2) atomic_store_explicit(&passed, seen + 1, memory_order_release);
    }
}

static double handover(double seconds) {
    pthread_t other;
    if (pthread_create(&other, NULL, hand_back, NULL)) return 0;
    stay_on(0);
    long turns = 0;
    double start = now();
    do {
        for (int turn = 0; turn < 1000; turn++, turns++) {
            atomic_store_explicit(&passed, 1, memory_order_release);
            while (atomic_load_explicit(&passed, memory_order_acquire) != 2) {}
        }
    } while (now() - start < seconds);
    double taken = now() - start;
    atomic_store(&passed, -1);
    pthread_join(other, NULL);
    return 1e9 * taken / turns;
}

static void *run(void *argument) {
    struct job *job = argument;
    floats *buffer = NULL;
    if (job->kind == READ) {
        buffer = aligned_alloc(BYTES, BUFFER);
        if (buffer) memset(buffer, 0, BUFFER);
    }
    pthread_barrier_wait(job->start);
    double done = 0, start = now(), end;
    do {
        if (job->kind == F32) done += multiply_add(&job->sink);
        else if (job->kind == BF16) done += dot_bf16(&job->sink);
        else if (buffer) done += read_once(buffer, &job->sink);
        end = now();
    } while (end - start < job->seconds && done > 0);
    job->rate = done / (end - start);
    free(buffer);
    return NULL;
}

int main(int count, char **arguments) {
    static const char *const names[] = {"f32", "bf16", "read"};
    int kind = 0, threads = count == 4 ? atoi(arguments[2]) : 0;
    while (kind < 3 && (count != 4 || strcmp(arguments[1], names[kind]))) kind++;
    double seconds = count == 4 ? atof(arguments[3]) : 0;
    if (count == 4 && !strcmp(arguments[1], "handover") && threads == 2 && seconds > 0) {
        printf("%.0f\n", handover(seconds));
        return 0;
    }
    if (kind == 3 || threads < 1 || threads > 256 || !(seconds > 0)) {
        fprintf(stderr, "usage: floors f32|bf16|read THREADS SECONDS, or floors handover 2 SECONDS\n");
        return 64;
    }
    pthread_barrier_t start;
    pthread_barrier_init(&start, NULL, threads);
    pthread_t handles[256];
    struct job jobs[256];
    for (int i = 0; i < threads; i++) {
        jobs[i] = (struct job){.kind = kind, .seconds = seconds, .start = &start};
        if (pthread_create(&handles[i], NULL, run, &jobs[i])) return 1;
    }
    double rate = 0, sink = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(handles[i], NULL);
        rate += jobs[i].rate;
        sink += jobs[i].sink;
    }
    if (sink == 1) fputs(" ", stderr);  // the sums are used, so that they are computed
    printf("%.1f\n", rate / 1e9);
    return 0;
}
