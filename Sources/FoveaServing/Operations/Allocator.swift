import CMalloc

/// What the C library does with memory that models have given back.
enum Allocator {
    /// Blocks from this size on go straight to the system and back. Left to itself the library raises this up to 32 MiB with the first large block
    /// that is freed, and weights of later models are then cut out of heaps that never shrink.
    private static let direct: Int32 = 1 << 20

    /// So many free bytes a heap keeps at its end, for the pictures of the next pass: with the library's 128 KiB each pass gave its inputs' pages back and had
    /// them again, empty, one fault each, which took longer than resizing the pictures.
    private static let kept: Int32 = 16 << 20

    /// To be called before the first model is read.
    static func settle() {
        _ = mallopt(M_MMAP_THRESHOLD, direct)
        _ = mallopt(M_TRIM_THRESHOLD, kept)
    }

    /// Gives what is free back to the system: a model went.
    static func trim() {
        _ = malloc_trim(0)
    }
}
