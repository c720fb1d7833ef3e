"""Split attention (Zhang et al., ResNeSt, 2020), laid out as timm does."""

import torch
from torch import nn


def make_divisible(value, divisor, minimum):
    """The multiple of `divisor` nearest to `value`, at least `minimum`, and no more than a tenth below `value`."""
    rounded = max(minimum, int(value + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * value else rounded


class SplitAttn(nn.Module):
    """A convolution into `radix` splits, which are then mixed per channel. `groups` is ResNeSt's cardinality."""

    def __init__(self, in_channels, out_channels=None, kernel_size=3, stride=1, padding=None, dilation=1, groups=1, bias=False,
                 radix=2, rd_ratio=0.25, rd_channels=None, rd_divisor=8, norm_layer=None):
        super().__init__()
        out_channels = out_channels or in_channels
        self.radix, self.cardinality = radix, groups
        mid = out_channels * radix
        hidden = rd_channels * radix if rd_channels else make_divisible(in_channels * radix * rd_ratio, rd_divisor, 32)
        norm = norm_layer or (lambda channels: nn.Identity())
        padding = kernel_size // 2 if padding is None else padding
        self.conv = nn.Conv2d(in_channels, mid, kernel_size, stride, padding, dilation, groups * radix, bias=bias)
        self.bn0 = norm(mid)
        self.fc1 = nn.Conv2d(out_channels, hidden, 1, groups=groups)
        self.bn1 = norm(hidden)
        self.fc2 = nn.Conv2d(hidden, mid, 1, groups=groups)

    def select(self, x):
        """The splits [B, radix, C, H, W] and their weights [B, radix, C]."""
        splits = torch.relu(self.bn0(self.conv(x))).unflatten(1, (self.radix, -1))
        hidden = torch.relu(self.bn1(self.fc1(splits.sum(1).mean((2, 3), keepdim=True))))
        scores = self.fc2(hidden).flatten(1)
        if self.radix == 1:
            return splits, torch.sigmoid(scores)[:, None]
        scores = scores.unflatten(1, (self.cardinality, self.radix, -1)).transpose(1, 2)
        return splits, torch.softmax(scores, 1).flatten(2)

    def maps(self, x):
        return {"branch": self.select(x)[1]}

    def forward(self, x):
        splits, weights = self.select(x)
        return (splits * weights[:, :, :, None, None]).sum(1)
