"""LocalAttention, a channel gate times a spatial gate, and a VGG16 that has one before each pooling."""

import torch
from torch import nn

#: Channels of VGG16's convolutions, block by block.
BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))


class LocalAttention(nn.Module):
    """Scales `x` [B, C, H, W] by a gate per channel times a gate per position, both sigmoids."""

    def __init__(self, in_channels, reduction_ratio=8):
        super().__init__()
        hidden = in_channels // reduction_ratio
        self.channel_attention = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_channels, hidden, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(hidden, in_channels, 1),
            nn.Sigmoid(),
        )
        self.spatial_attention = nn.Sequential(
            nn.Conv2d(in_channels, hidden, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(hidden, 1, 1),
            nn.Sigmoid(),
        )

    def open_gates(self):
        """Starts both gates near 0.9 everywhere: ten gates of a half each would leave a thousandth of the signal."""
        for branch in (self.channel_attention, self.spatial_attention):
            branch[-2].weight.data.mul_(0.1)
            branch[-2].bias.data.fill_(2.0)

    def maps(self, x):
        """The two gates: `channel` [B, C] and `spatial` [B, H, W]."""
        return {"channel": self.channel_attention(x).flatten(1), "spatial": self.spatial_attention(x)[:, 0]}

    def forward(self, x):
        return x * (self.channel_attention(x) * self.spatial_attention(x))


class NormalizedConv2d(nn.Conv2d):
    """A convolution that trains with a batch norm behind it, which `folded()` multiplies into it afterwards.

    VGG16 has no batch norms, and thirteen convolutions without them train slowly. The norm is an affine map per channel
    once its statistics are fixed, so the folded network computes the same function under VGG16's own names.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.norm = nn.BatchNorm2d(self.out_channels)

    def forward(self, x):
        return self.norm(super().forward(x))

    def folded(self):
        plain = nn.Conv2d(self.in_channels, self.out_channels, self.kernel_size, self.stride, self.padding)
        scale = self.norm.weight.double() / (self.norm.running_var.double() + self.norm.eps).sqrt()
        plain.weight.data = (self.weight.double() * scale[:, None, None, None]).float()
        plain.bias.data = ((self.bias.double() - self.norm.running_mean.double()) * scale + self.norm.bias.double()).float()
        return plain


class VGG16WithAttention(nn.Module):
    """VGG16 with a `LocalAttention` behind the last ReLU of each block.

    `width` scales every channel count, `hidden` is the size of the two hidden linear layers and `pool` the side of the
    adaptive pooling before them. For training, `dropout` acts between the linear layers and `normalize` adds the batch norms of `NormalizedConv2d`.
    """

    def __init__(self, num_classes=1000, width=1.0, hidden=4096, pool=7, reduction_ratio=8, normalize=False, dropout=0.5):
        super().__init__()
        convolution = NormalizedConv2d if normalize else nn.Conv2d
        layers, channels = [], 3
        for block in BLOCKS:
            for full in block:
                out = int(full * width)
                layers += [convolution(channels, out, 3, padding=1), nn.ReLU(inplace=True)]
                channels = out
            layers += [LocalAttention(channels, reduction_ratio), nn.MaxPool2d(2, 2)]
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((pool, pool))
        self.classifier = nn.Sequential(
            nn.Linear(channels * pool * pool, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Dropout(dropout),
            nn.Linear(hidden, num_classes),
        )
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        for module in self.modules():
            if isinstance(module, LocalAttention):
                module.open_gates()

    def forward(self, x):
        x = self.avgpool(self.features(x))
        return self.classifier(torch.flatten(x, 1))

    def folded(self):
        """The same network with its training-time batch norms multiplied into the convolutions."""
        self.features = nn.Sequential(*(m.folded() if isinstance(m, NormalizedConv2d) else m for m in self.features))
        return self
