"""A² double attention (Chen et al., 2018)."""

import torch
from torch import nn


class DoubleAttention(nn.Module):
    """Descriptors are gathered from all positions (a softmax over the positions), then distributed to them (a softmax over the descriptors).

    With `distribute_softmax="positions"` the second softmax too is over the positions, as in many published copies. With `residual` the input is added.
    """

    def __init__(self, in_channels, c_m, c_n, reconstruct=True, distribute_softmax="descriptors", residual=False):
        super().__init__()
        self.distribute_axis = {"descriptors": 1, "positions": 2}[distribute_softmax]
        self.convA = nn.Conv2d(in_channels, c_m, 1)
        self.convB = nn.Conv2d(in_channels, c_n, 1)
        self.convV = nn.Conv2d(in_channels, c_n, 1)
        self.reconstruct, self.residual = reconstruct, residual
        if reconstruct:
            self.conv_reconstruct = nn.Conv2d(c_m, in_channels, 1)

    def attentions(self, x):
        """gather and distribute, each [B, Cn, H·W]"""
        return torch.softmax(self.convB(x).flatten(2), 2), torch.softmax(self.convV(x).flatten(2), self.distribute_axis)

    def maps(self, x):
        gather, distribute = (weights.unflatten(2, x.shape[2:]) for weights in self.attentions(x))
        return {"gather": gather, "distribute": distribute, "spatial": (gather / gather.amax((2, 3), keepdim=True)).mean(1)}

    def forward(self, x):
        gather, distribute = self.attentions(x)
        descriptors = self.convA(x).flatten(2) @ gather.transpose(1, 2)
        out = (descriptors @ distribute).unflatten(2, x.shape[2:])
        out = self.conv_reconstruct(out) if self.reconstruct else out
        return x + out if self.residual else out
