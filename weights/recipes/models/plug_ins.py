"""The attention blocks by the names that `model_args` gives them."""

from torch import nn

from .cbam import CBAM
from .deformable import DeformConv
from .double_attention import DoubleAttention
from .dyconv import DYConv2d
from .dynamic_conv import DynamicConvAttention
from .local_attention import LocalAttention
from .odconv import ODConv2d
from .selective_kernel import SKConv
from .self_calibrated import SCConv
from .spatial_group_enhance import SpatialGroupEnhance
from .split_attention import SplitAttn
from .squeeze_excitation import SEAttention, cSE, scSE, sSE


def _a2(channels, c_m=None, c_n=None, **kwargs):
    return DoubleAttention(channels, c_m or channels, c_n or channels, **kwargs)


#: Modules that scale a feature map: channels → module.
GATES = {
    "local": LocalAttention,
    "se": SEAttention,
    "cse": cSE,
    "sse": sSE,
    "scse": scSE,
    "cbam": CBAM,
    "sge": lambda channels, **kwargs: SpatialGroupEnhance(**kwargs),
    "a2": _a2,
}


def _dynamic(place, **kwargs):
    cin, cout, stride, groups = place
    assert groups == 1
    return DynamicConvAttention(cin, cout, stride=stride, **kwargs)


def _deform(place, dilation=1, **kwargs):
    cin, cout, stride, groups = place
    return DeformConv(cin, cout, stride=stride, padding=dilation, dilation=dilation, **{"groups": groups, **kwargs})


def _dyconv(place, dilation=1, **kwargs):
    cin, cout, stride, groups = place
    return DYConv2d(cin, cout, 3, stride=stride, padding=dilation, dilation=dilation, **{"groups": groups, **kwargs})


def _odconv(place, temperature=1.0, dilation=1, **kwargs):
    cin, cout, stride, groups = place
    module = ODConv2d(cin, cout, 3, stride, dilation, dilation, **{"groups": groups, **kwargs})
    module.update_temperature(temperature)
    return module


def _sk(place, **kwargs):
    cin, cout, stride, groups = place
    assert cin == cout
    return SKConv(cin, stride=stride, **{"G": groups, **kwargs})


def _sc(place, dilation=1, **kwargs):
    cin, cout, stride, groups = place
    assert cin == cout
    return SCConv(cin, cout, stride, dilation, dilation, **{"groups": groups, **kwargs})


def _splat(place, norm_layer=None, dilation=1, **kwargs):
    cin, cout, stride, groups = place
    norm = {None: None, "BatchNorm2d": nn.BatchNorm2d}[norm_layer]
    return SplitAttn(cin, cout, stride=stride, padding=dilation, dilation=dilation, norm_layer=norm, **{"groups": groups, **kwargs})


#: Modules that take the place of a 3×3 convolution: (input channels, output channels, stride, groups) → module.
CONVOLUTIONS = {"dynamic": _dynamic, "deform": _deform, "dyconv": _dyconv, "odconv": _odconv, "sk": _sk, "sc": _sc, "splat": _splat}


def plug_in(attention, attention_args):
    """What makes the gates and what makes the convolutions of a network; one of them is None, or both."""
    arguments = attention_args or {}
    if attention is None:
        return None, None
    if attention in GATES:
        return (lambda channels: GATES[attention](channels, **arguments)), None
    return None, (lambda *place: CONVOLUTIONS[attention](place, **arguments))


def cool(network, temperature):
    """Sets the temperature of every attention of a network that has one."""
    for module in network.modules():
        if isinstance(module, (DYConv2d, ODConv2d)):
            module.update_temperature(temperature)
