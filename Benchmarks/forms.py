"""The networks in PyTorch, as their articles write them and as a user could rewrite them by hand."""

import sys
from pathlib import Path

import torch.nn.functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "weights" / "recipes"))

from models import ODConv2d, build  # noqa: E402
from models.dynamic_conv import DynamicConvAttention  # noqa: E402
from networks import AS_WRITTEN, BY_HAND  # noqa: E402
from se_resnet import SEResNet50  # noqa: E402


class OneConvolution(DynamicConvAttention):
    """Convolution is linear: the stored and the generated kernel are added, and the sum is convolved once."""

    def forward(self, x):
        kernels = (self.base_conv.weight + self.kernels(x)).flatten(0, 1)
        bias = self.base_conv.bias.repeat(len(x))
        out = F.conv2d(x.reshape(1, -1, *x.shape[2:]), kernels, bias, self.stride, self.padding, groups=len(x))
        return out.view(len(x), -1, *out.shape[2:])


class OneKernelAPicture(ODConv2d):
    """ODConv as its article and its paper write it. The recipe mixes outputs in place of kernels where maps are small, which trains faster and is the
    better form for some peers."""

    def _mixes_outputs(self, x):
        return False


#: The recipe's modules, and what takes their place in each form of a network.
FORMS = {AS_WRITTEN: (OneKernelAPicture,), BY_HAND: (OneConvolution,)}


def create(network, form=AS_WRITTEN):
    """The module of a `networks.Network`."""
    if network.architecture == "seresnet50":
        model = SEResNet50(network.classes, **network.model_args)
    else:
        model = build(network.architecture, network.classes, network.model_args)
    for module in model.modules():
        for written in FORMS[form]:
            if type(module) is written.__base__:
                module.__class__ = written
    return model.eval()
