"""VGG under torchvision's names, with any width and any attention block."""

import torch
from torch import nn

from .plug_ins import plug_in

#: Convolutions per block, by depth.
DEPTHS = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


class VGG(nn.Module):
    """A gate stands before each pooling, a convolution in place of the last one of each block. `dropout` is for training."""

    def __init__(self, depth, batch_norm=False, num_classes=1000, width=1.0, hidden=4096, pool=7, attention=None, attention_args=None,
                 dropout=0.5):
        super().__init__()
        gate, convolution = plug_in(attention, attention_args)
        layers, channels = [], 3
        for full, count in zip((64, 128, 256, 512, 512), DEPTHS[depth]):
            out = int(full * width)
            for index in range(count):
                replaced = convolution is not None and index == count - 1
                layers.append(convolution(channels, out, 1, 1) if replaced else nn.Conv2d(channels, out, 3, padding=1))
                if batch_norm:
                    layers.append(nn.BatchNorm2d(out))
                layers.append(nn.ReLU(inplace=True))
                channels = out
            if gate is not None:
                layers.append(gate(channels))
            layers.append(nn.MaxPool2d(2, 2))
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

    def forward(self, x):
        return self.classifier(torch.flatten(self.avgpool(self.features(x)), 1))
