/// Batch norms count their training steps in a tensor of their own; evaluation has no use for it.
package enum StepCounter {
    /// Whether a tensor of this name is one.
    package static func has(_ name: String) -> Bool { name == "num_batches_tracked" || name.hasSuffix(".num_batches_tracked") }
}
