"""The offset-sampled ("deformable") convolution (Dai et al., 2017; modulated: Zhu et al., 2019), as torchvision computes it."""

import torch
import torch.nn.functional as F
from torch import nn


class DeformConv(nn.Module):
    """Each kernel point of each position reads the map at an offset of its own, between the pixels bilinearly.

    `weight` and `bias` are those of torchvision's `DeformConv2d`; `offset` gives 2k² channels (y and x of each point), and where
    `modulated`, `mask` gives k² factors below a sigmoid.
    """

    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=1, dilation=1, groups=1, bias=True, modulated=False):
        super().__init__()
        self.kernel_size, self.stride, self.padding, self.dilation, self.groups = kernel_size, stride, padding, dilation, groups
        self.weight = nn.Parameter(torch.empty(out_channels, in_channels // groups, kernel_size, kernel_size))
        self.bias = nn.Parameter(torch.zeros(out_channels)) if bias else None
        nn.init.kaiming_uniform_(self.weight)
        window = ((kernel_size - 1) * dilation + 1, 3)
        # The offsets' own window is 3×3 whatever the kernel is, placed so that both have as many positions.
        own = {"stride": stride, "padding": padding - (window[0] - window[1]) // 2}
        self.offset = nn.Conv2d(in_channels, 2 * kernel_size**2, 3, **own)
        self.mask = nn.Conv2d(in_channels, kernel_size**2, 3, **own) if modulated else None

    def sampling(self, x):
        return self.offset(x), None if self.mask is None else torch.sigmoid(self.mask(x))

    def maps(self, x):
        offset, mask = self.sampling(x)
        maps = {"offset": offset, "spatial": offset.unflatten(1, (-1, 2)).square().sum(2).sqrt().mean(1)}
        return maps if mask is None else {**maps, "mask": mask}

    def forward(self, x):
        offset, mask = self.sampling(x)
        k, (height, width), positions = self.kernel_size, x.shape[2:], offset.shape[2:]
        steps = [torch.arange(n, dtype=x.dtype) * self.stride - self.padding for n in positions]
        out = []
        for point in range(k * k):
            y = steps[0][:, None] + point // k * self.dilation + offset[:, 2 * point]
            x0 = steps[1][None, :] + point % k * self.dilation + offset[:, 2 * point + 1]
            # Pixel centres in grid_sample's coordinates; what lies outside the map is 0, as in torchvision.
            grid = torch.stack([(2 * x0 + 1) / width - 1, (2 * y + 1) / height - 1], -1)
            read = F.grid_sample(x, grid, mode="bilinear", padding_mode="zeros", align_corners=False)
            out.append(read if mask is None else read * mask[:, point, None])
        windows = torch.stack(out, 2).unflatten(1, (self.groups, -1)).flatten(2, 3).flatten(3)  # [B, groups, Cin/groups·k², P]
        weight = self.weight.flatten(1).unflatten(0, (self.groups, -1))
        result = (weight @ windows).flatten(1, 2).unflatten(2, positions)
        return result if self.bias is None else result + self.bias[:, None, None]
