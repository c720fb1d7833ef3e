"""Selective kernel convolution (Li et al., 2019): branches of growing kernels, mixed per channel."""

import torch
from torch import nn


class SKConv(nn.Module):
    def __init__(self, in_ch, M=3, G=1, r=4, stride=1, L=32):
        super().__init__()
        d = max(int(in_ch / r), L)
        self.convs = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(in_ch, in_ch, 3 + 2 * i, stride, 1 + i, groups=G),
                nn.BatchNorm2d(in_ch),
                nn.ReLU(inplace=True),
            )
            for i in range(M)
        )
        self.fc = nn.Linear(in_ch, d)
        self.fcs = nn.ModuleList(nn.Linear(d, in_ch) for _ in range(M))

    def select(self, x):
        """The branches [B, M, C, H, W] and their weights [B, M, C]."""
        branches = torch.stack([conv(x) for conv in self.convs], 1)
        z = self.fc(branches.sum(1).mean((2, 3)))
        return branches, torch.softmax(torch.stack([fc(z) for fc in self.fcs], 1), 1)

    def maps(self, x):
        return {"branch": self.select(x)[1]}

    def forward(self, x):
        branches, weights = self.select(x)
        return (branches * weights[:, :, :, None, None]).sum(1)
