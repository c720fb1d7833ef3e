"""The attention blocks by the names that `model_args` gives them."""

from torch import nn

from .cbam import CBAM
from .dyconv import DYConv2d
from .local_attention import LocalAttention
from .odconv import ODConv2d
from .selective_kernel import SKConv
from .self_calibrated import SCConv
from .split_attention import SplitAttn
from .squeeze_excitation import SEAttention, cSE, scSE, sSE

#: Modules that scale a feature map: channels → module.
GATES = {"local": LocalAttention, "se": SEAttention, "cse": cSE, "sse": sSE, "scse": scSE, "cbam": CBAM}


def _dyconv(place, **kwargs):
    cin, cout, stride, groups = place
    return DYConv2d(cin, cout, 3, stride=stride, padding=1, **{"groups": groups, **kwargs})


def _odconv(place, temperature=1.0, **kwargs):
    cin, cout, stride, groups = place
    module = ODConv2d(cin, cout, 3, stride, 1, **{"groups": groups, **kwargs})
    module.update_temperature(temperature)
    return module


def _sk(place, **kwargs):
    cin, cout, stride, groups = place
    assert cin == cout
    return SKConv(cin, stride=stride, **{"G": groups, **kwargs})


def _sc(place, **kwargs):
    cin, cout, stride, groups = place
    assert cin == cout
    return SCConv(cin, cout, stride, **{"groups": groups, **kwargs})


def _splat(place, norm_layer=None, **kwargs):
    cin, cout, stride, groups = place
    norm = {None: None, "BatchNorm2d": nn.BatchNorm2d}[norm_layer]
    return SplitAttn(cin, cout, stride=stride, norm_layer=norm, **{"groups": groups, **kwargs})


#: Modules that take the place of a 3×3 convolution: (input channels, output channels, stride, groups) → module.
CONVOLUTIONS = {"dyconv": _dyconv, "odconv": _odconv, "sk": _sk, "sc": _sc, "splat": _splat}


def plug_in(attention, attention_args):
    """What makes the gates and what makes the convolutions of a network; one of them is None, or both."""
    arguments = attention_args or {}
    if attention is None:
        return None, None
    if attention in GATES:
        return (lambda channels: GATES[attention](channels, **arguments)), None
    return None, (lambda *place: CONVOLUTIONS[attention](place, **arguments))
