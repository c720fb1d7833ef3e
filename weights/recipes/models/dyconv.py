"""Dynamic convolution (Chen et al., CVPR 2020): a softmax over stored kernels, from the pooled input."""

import torch
import torch.nn.functional as F
from torch import nn


class attention2d(nn.Module):
    def __init__(self, in_planes, ratios, K, temperature):
        super().__init__()
        hidden = int(in_planes * ratios) + 1 if in_planes != 3 else K
        self.fc1 = nn.Conv2d(in_planes, hidden, 1, bias=False)
        self.fc2 = nn.Conv2d(hidden, K, 1)
        self.temperature = temperature

    def forward(self, x):
        scores = self.fc2(torch.relu(self.fc1(x.mean((2, 3), keepdim=True)))).flatten(1)
        return torch.softmax(scores / self.temperature, 1)


class DYConv2d(nn.Module):
    """`weight` is [K, Cout, Cin / groups, k, k], `bias` [K, Cout]; both are mixed by the attention."""

    def __init__(self, in_planes, out_planes, kernel_size, ratio=0.25, stride=1, padding=0, dilation=1, groups=1, bias=True, K=4, temperature=34):
        super().__init__()
        self.out_planes, self.stride, self.padding, self.dilation, self.groups = out_planes, stride, padding, dilation, groups
        self.attention = attention2d(in_planes, ratio, K, temperature)
        self.weight = nn.Parameter(torch.empty(K, out_planes, in_planes // groups, kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.zeros(K, out_planes)) if bias else None
        for kernel in self.weight:
            nn.init.kaiming_uniform_(kernel)

    def maps(self, x):
        return {"kernel": self.attention(x)}

    def update_temperature(self, temperature):
        self.attention.temperature = temperature

    def forward(self, x):
        batch, mix = x.shape[0], self.attention(x)
        # A kernel per picture: a grouped convolution with the batch as groups.
        weight = (mix @ self.weight.flatten(1)).view(-1, *self.weight.shape[2:])
        bias = None if self.bias is None else (mix @ self.bias).flatten()
        out = F.conv2d(x.reshape(1, -1, *x.shape[2:]), weight, bias, self.stride, self.padding, self.dilation, self.groups * batch)
        return out.view(batch, self.out_planes, *out.shape[2:])
