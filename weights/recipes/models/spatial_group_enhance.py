"""Spatial group-wise enhance (Li et al., 2019), as its authors' repository has it."""

import torch
from torch import nn


class SpatialGroupEnhance(nn.Module):
    """Per group of channels a gate per position: how much the position resembles the group's pooled vector."""

    def __init__(self, groups=64):
        super().__init__()
        self.groups = groups
        self.weight = nn.Parameter(torch.zeros(1, groups, 1, 1))
        self.bias = nn.Parameter(torch.ones(1, groups, 1, 1))

    def gate(self, x):
        """[B, G, H, W]"""
        parts = x.unflatten(1, (self.groups, -1))
        similarity = (parts * parts.mean((3, 4), keepdim=True)).sum(2)
        flat = similarity.flatten(2)
        flat = flat - flat.mean(2, keepdim=True)
        standard = flat / (flat.std(2, keepdim=True) + 1e-5)
        return torch.sigmoid(standard.view_as(similarity) * self.weight + self.bias)

    def maps(self, x):
        gate = self.gate(x)
        return {"group_spatial": gate, "spatial": gate.mean(1)}

    def forward(self, x):
        return (x.unflatten(1, (self.groups, -1)) * self.gate(x)[:, :, None]).flatten(1, 2)
