"""A convolution beside one whose kernel is generated for each picture, and a VGG16 that has one at the end of each block."""

import torch
import torch.nn.functional as F
from torch import nn

from .local_attention import BLOCKS


class DynamicConvAttention(nn.Module):
    """`attention` generates a sigmoid kernel [Cout, Cin, k, k] from the pooled input; its convolution is added to `base_conv`'s."""

    def __init__(self, in_channels, out_channels, kernel_size=3, padding=1, reduction_ratio=16, stride=1):
        super().__init__()
        self.shape = (out_channels, in_channels, kernel_size, kernel_size)
        self.stride, self.padding = stride, padding
        self.base_conv = nn.Conv2d(in_channels, out_channels, kernel_size, stride, padding)
        hidden = in_channels // reduction_ratio
        self.attention = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_channels, hidden, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(hidden, out_channels * in_channels * kernel_size * kernel_size, 1),
            nn.Sigmoid(),
        )

    def kernels(self, x):
        """One kernel per picture, [B, Cout, Cin, k, k]."""
        return self.attention(x).flatten(1).unflatten(1, self.shape)

    def maps(self, x):
        kernels = self.kernels(x)
        return {"filter": kernels.mean((2, 3, 4)), "channel": kernels.mean((1, 3, 4)), "kernel_spatial": kernels.mean((1, 2))}

    def forward(self, x):
        base = self.base_conv(x)
        # Contracted over the input channels and the window, as a convolution is.
        windows = F.unfold(x, self.shape[2:], padding=self.padding, stride=self.stride)
        dynamic = self.kernels(x).flatten(2) @ windows
        return base + dynamic.view_as(base)


class VGG16WithDynamicConv(nn.Module):
    """VGG16 as a `Sequential` of blocks, the last convolution of each dynamic where `use_dynamic_conv` says so."""

    def __init__(self, num_classes=1000, use_dynamic_conv=True, reduction_ratio=16, width=1.0, hidden=4096, pool=7):
        super().__init__()
        blocks, channels = [], 3
        for block in BLOCKS:
            layers = []
            for index, full in enumerate(block):
                out = int(full * width)
                if use_dynamic_conv and index == len(block) - 1:
                    layers.append(DynamicConvAttention(channels, out, reduction_ratio=reduction_ratio))
                else:
                    layers.append(nn.Conv2d(channels, out, 3, padding=1))
                layers.append(nn.ReLU(inplace=True))
                channels = out
            blocks.append(nn.Sequential(*layers, nn.MaxPool2d(2, 2)))
        self.features = nn.Sequential(*blocks)
        self.avgpool = nn.AdaptiveAvgPool2d((pool, pool))
        self.classifier = nn.Sequential(
            nn.Linear(channels * pool * pool, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(),
            nn.Linear(hidden, num_classes),
        )

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))
