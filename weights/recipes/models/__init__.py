"""PyTorch modules with the state-dict names that Fovea serves. They train the shipped models and are the oracle of the parity tests."""

from .local_attention import LocalAttention, VGG16WithAttention
from .odconv import ODConv2d, ODResNet

__all__ = ["LocalAttention", "ODConv2d", "ODResNet", "VGG16WithAttention", "build"]

ARCHITECTURES = {
    "vgg16_with_attention": lambda **kwargs: VGG16WithAttention(**kwargs),
    "odresnet18": lambda **kwargs: ODResNet(**{"layers": (2, 2, 2, 2), **kwargs}),
    "odresnet34": lambda **kwargs: ODResNet(**{"layers": (3, 4, 6, 3), **kwargs}),
}


def build(architecture, num_classes, model_args):
    """The module that a `config.json` describes."""
    return ARCHITECTURES[architecture](num_classes=num_classes, **model_args)
