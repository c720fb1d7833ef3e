"""PyTorch modules with the state-dict names that Fovea serves. They train the shipped models and are the oracle of the parity tests."""

from functools import partial

from .dynamic_conv import VGG16WithDynamicConv
from .local_attention import LocalAttention, VGG16WithAttention
from .odconv import ODConv2d, ODResNet
from .papers import ARCHITECTURES as PAPERS
from .resnet import BasicBlock, Bottleneck, ResNet
from .vgg import VGG

__all__ = ["LocalAttention", "ODConv2d", "ODResNet", "ResNet", "VGG", "VGG16WithAttention", "VGG16WithDynamicConv", "build"]


def _resnet(block, layers, **kwargs):
    """A network whose `layers` may be told otherwise."""
    return lambda **told: ResNet(block, **{"layers": layers, **kwargs, **told})


ARCHITECTURES = {
    "vgg16_with_dynamic_conv": VGG16WithDynamicConv,
    "vgg16_with_attention": VGG16WithAttention,
    "odresnet18": lambda **kwargs: ODResNet(**{"layers": (2, 2, 2, 2), **kwargs}),
    "odresnet34": lambda **kwargs: ODResNet(**{"layers": (3, 4, 6, 3), **kwargs}),
    **{f"vgg{depth}": partial(VGG, depth) for depth in (11, 13, 16, 19)},
    **{f"vgg{depth}_bn": partial(VGG, depth, True) for depth in (11, 13, 16, 19)},
    "resnet18": _resnet(BasicBlock, (2, 2, 2, 2)),
    "resnet34": _resnet(BasicBlock, (3, 4, 6, 3)),
    "resnet50": _resnet(Bottleneck, (3, 4, 6, 3)),
    "resnet101": _resnet(Bottleneck, (3, 4, 23, 3)),
    "resnet152": _resnet(Bottleneck, (3, 8, 36, 3)),
    "resnext50_32x4d": _resnet(Bottleneck, (3, 4, 6, 3), groups=32, width_per_group=4),
    "resnext101_32x8d": _resnet(Bottleneck, (3, 4, 23, 3), groups=32, width_per_group=8),
    "resnext101_64x4d": _resnet(Bottleneck, (3, 4, 23, 3), groups=64, width_per_group=4),
    "wide_resnet50_2": _resnet(Bottleneck, (3, 4, 6, 3), width_per_group=128),
    "wide_resnet101_2": _resnet(Bottleneck, (3, 4, 23, 3), width_per_group=128),
    **PAPERS,
}


def build(architecture, num_classes, model_args):
    """The module that a `config.json` describes."""
    return ARCHITECTURES[architecture](num_classes=num_classes, **model_args)
