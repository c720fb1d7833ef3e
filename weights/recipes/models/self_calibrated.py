"""Self-calibrated convolution (Liu et al., CVPR 2020)."""

import torch
import torch.nn.functional as F
from torch import nn


class SCConv(nn.Module):
    """`k3`'s output is gated by what `k2` sees on a map `pooling_r` times smaller, then `k4` convolves it."""

    def __init__(self, inplanes, planes, stride=1, padding=1, dilation=1, groups=1, pooling_r=4, norm_layer=nn.BatchNorm2d):
        super().__init__()
        conv = lambda stride: nn.Conv2d(inplanes, planes, 3, stride, padding, dilation, groups, bias=False)
        self.k2 = nn.Sequential(nn.AvgPool2d(pooling_r, pooling_r), conv(1), norm_layer(planes))
        self.k3 = nn.Sequential(conv(1), norm_layer(planes))
        self.k4 = nn.Sequential(conv(stride), norm_layer(planes))

    def gate(self, x):
        return torch.sigmoid(x + F.interpolate(self.k2(x), x.shape[2:]))

    def maps(self, x):
        return {"spatial": self.gate(x).mean(1)}

    def forward(self, x):
        return self.k4(self.k3(x) * self.gate(x))
