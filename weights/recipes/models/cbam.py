"""CBAM (Woo et al., 2018): a channel gate, then a spatial gate on what it let through."""

import torch
from torch import nn


class ChannelAttention(nn.Module):
    def __init__(self, in_planes, ratio=16):
        super().__init__()
        self.fc1 = nn.Conv2d(in_planes, in_planes // ratio, 1, bias=False)
        self.fc2 = nn.Conv2d(in_planes // ratio, in_planes, 1, bias=False)

    def forward(self, x):
        score = lambda pooled: self.fc2(torch.relu(self.fc1(pooled)))
        return torch.sigmoid(score(x.mean((2, 3), keepdim=True)) + score(x.amax((2, 3), keepdim=True)))


class SpatialAttention(nn.Module):
    def __init__(self, kernel_size=7):
        super().__init__()
        if kernel_size not in (3, 7):
            raise ValueError(f"kernel_size {kernel_size}: must be 3 or 7")
        self.conv1 = nn.Conv2d(2, 1, kernel_size, padding=kernel_size // 2, bias=False)

    def forward(self, x):
        return torch.sigmoid(self.conv1(torch.cat([x.mean(1, keepdim=True), x.amax(1, keepdim=True)], 1)))


class CBAM(nn.Module):
    def __init__(self, in_planes, ratio=16, kernel_size=7):
        super().__init__()
        self.ca = ChannelAttention(in_planes, ratio)
        self.sa = SpatialAttention(kernel_size)

    def maps(self, x):
        channel = self.ca(x)
        return {"channel": channel.flatten(1), "spatial": self.sa(x * channel)[:, 0]}

    def forward(self, x):
        x = x * self.ca(x)
        return x * self.sa(x)
