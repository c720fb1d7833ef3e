import CMalloc

/// What the C library does with memory that models have given back.
enum Allocator {
    /// Blocks from this size on go straight to the system and back. Left to itself the library raises this up to 32 MiB with the first large block
    /// that is freed, and weights of later models are then cut out of heaps that never shrink.
    private static let direct: Int32 = 1 << 20

    /// To be called before the first model is read.
    static func settle() {
        _ = mallopt(M_MMAP_THRESHOLD, direct)
    }

    /// Gives what is free back to the system: a model went.
    static func trim() {
        _ = malloc_trim(0)
    }
}
