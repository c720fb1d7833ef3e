"""Squeeze and excitation (Hu et al., 2017), and its concurrent spatial and channel forms (Roy et al., 2018)."""

import torch
from torch import nn


class SEAttention(nn.Module):
    """A sigmoid gate per channel, from the pooled channels through two linear layers without biases."""

    def __init__(self, channel=512, reduction=16):
        super().__init__()
        self.fc = nn.Sequential(
            nn.Linear(channel, channel // reduction, bias=False),
            nn.ReLU(inplace=True),
            nn.Linear(channel // reduction, channel, bias=False),
            nn.Sigmoid(),
        )

    def maps(self, x):
        return {"channel": self.fc(x.mean((2, 3)))}

    def forward(self, x):
        return x * self.maps(x)["channel"][:, :, None, None]


class cSE(nn.Module):
    """`SEAttention` with a reduction of 2, in 1×1 convolutions."""

    def __init__(self, in_ch):
        super().__init__()
        self.Conv_Squeeze = nn.Conv2d(in_ch, in_ch // 2, 1, bias=False)
        self.Conv_Excitation = nn.Conv2d(in_ch // 2, in_ch, 1, bias=False)

    def gate(self, x):
        return torch.sigmoid(self.Conv_Excitation(torch.relu(self.Conv_Squeeze(x.mean((2, 3), keepdim=True)))))

    def maps(self, x):
        return {"channel": self.gate(x).flatten(1)}

    def forward(self, x):
        return x * self.gate(x)


class sSE(nn.Module):
    """A sigmoid gate per position, from a 1×1 convolution."""

    def __init__(self, in_ch):
        super().__init__()
        self.conv = nn.Conv2d(in_ch, 1, 1, bias=False)

    def gate(self, x):
        return torch.sigmoid(self.conv(x))

    def maps(self, x):
        return {"spatial": self.gate(x)[:, 0]}

    def forward(self, x):
        return x * self.gate(x)


class scSE(nn.Module):
    """The sum of both. The maps are handed out by the module itself, not by its two halves."""

    def __init__(self, in_ch):
        super().__init__()
        self.cSE = cSE(in_ch)
        self.sSE = sSE(in_ch)

    def maps(self, x):
        return {**self.cSE.maps(x), **self.sSE.maps(x)}

    def forward(self, x):
        return self.cSE(x) + self.sSE(x)
