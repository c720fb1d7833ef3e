/// The way back through each operation: from ∂/∂output to ∂/∂input, as `torch.autograd` goes it.
///
/// For the few operations between a network's last maps and its logits, in double precision; the large linear layers have a kernel of
/// their own (`KernelSet.transpose`). Tensors are row-major, without a batch axis; `g` is the gradient of the operation's output.
public enum Gradients {}
