#!/usr/bin/env python3
"""Holds `models/deformable.py`, the oracle of the offset-sampled convolution, against `torchvision.ops.deform_conv2d` in float64.

usage: deformable_check.py

Needs a torchvision whose compiled operators load (requirements-timm.txt). Exits with 1 where a result differs by more than 1e-12 of the largest.
"""

import itertools
import sys

import torch
from torchvision.ops import deform_conv2d

from models.deformable import DeformConv

#: How far the offsets reach, in pixels: 0 is a plain convolution, 30 leaves the map on every side.
REACHES = (0, 0.7, 3, 30)


@torch.no_grad()
def difference(kernel, stride, dilation, groups, bias, modulated, reach, whole):
    """The largest difference of the two outputs, by the largest output; `whole` offsets are pixels, where the bilinear weights are 0 and 1."""
    module = DeformConv(6, 4, kernel, stride, dilation * (kernel - 1) // 2, dilation, groups, bias, modulated).double()
    x = torch.randn(2, 6, 9, 7, dtype=torch.float64)
    offset = reach * torch.randn(module.offset(x).shape, dtype=torch.float64)
    offset = offset.round() if whole else offset
    mask = torch.rand(module.mask(x).shape, dtype=torch.float64) if modulated else None
    if bias:
        module.bias.normal_()
    module.sampling = lambda x: (offset, mask)
    expected = deform_conv2d(x, offset, module.weight, module.bias, stride, module.padding, dilation, mask)
    return ((module(x) - expected).abs().max() / expected.abs().max().clamp_min(1e-3)).item()


def main():
    torch.manual_seed(1)
    places = itertools.product((1, 3, 5), (1, 2), (1, 2), (1, 2), (False, True), (False, True), REACHES, (False, True))
    differences = [difference(*place) for place in places]
    print(f"{len(differences)} convolutions, the largest difference {max(differences):.1e}")
    sys.exit(max(differences) > 1e-12)


if __name__ == "__main__":
    main()
