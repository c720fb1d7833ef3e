"""ResNet, ResNeXt and wide ResNet under torchvision's names, with any width and any attention block."""

import torch
from torch import nn

from .plug_ins import cool, plug_in


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inplanes, planes, stride, groups, width_per_group, gate, convolution):
        super().__init__()
        self.conv1 = nn.Conv2d(inplanes, planes, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = convolution(planes, planes, 1, 1) if convolution else nn.Conv2d(planes, planes, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(planes)
        self.attention = gate(planes) if gate else nn.Identity()
        self.downsample = downsample(inplanes, planes, stride)

    def forward(self, x):
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.attention(self.bn2(self.conv2(out)))
        return torch.relu(out + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inplanes, planes, stride, groups, width_per_group, gate, convolution):
        super().__init__()
        width = int(planes * (width_per_group / 64.0)) * groups
        self.conv1 = nn.Conv2d(inplanes, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        plain = lambda: nn.Conv2d(width, width, 3, stride, 1, groups=groups, bias=False)
        self.conv2 = convolution(width, width, stride, groups) if convolution else plain()
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, planes * 4, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(planes * 4)
        self.attention = gate(planes * 4) if gate else nn.Identity()
        self.downsample = downsample(inplanes, planes * 4, stride)

    def forward(self, x):
        out = torch.relu(self.bn1(self.conv1(x)))
        out = torch.relu(self.bn2(self.conv2(out)))
        out = self.attention(self.bn3(self.conv3(out)))
        return torch.relu(out + (x if self.downsample is None else self.downsample(x)))


def downsample(inplanes, planes, stride):
    """The shortcut's projection, where its shape changes."""
    if stride == 1 and inplanes == planes:
        return None
    return nn.Sequential(nn.Conv2d(inplanes, planes, 1, stride, bias=False), nn.BatchNorm2d(planes))


class ResNet(nn.Module):
    """A gate stands on the residual branch before the sum, a convolution in place of each block's `conv2`."""

    def __init__(self, block, layers, num_classes=1000, stem="imagenet", base_width=64, groups=1, width_per_group=64, attention=None,
                 attention_args=None):
        super().__init__()
        gate, convolution = plug_in(attention, attention_args)
        if stem == "imagenet":
            self.conv1 = nn.Conv2d(3, base_width, 7, 2, 3, bias=False)
            self.maxpool = nn.MaxPool2d(3, 2, 1)
        else:
            self.conv1 = nn.Conv2d(3, base_width, 3, 1, 1, bias=False)
            self.maxpool = nn.Identity()
        self.bn1 = nn.BatchNorm2d(base_width)
        inplanes, self.stages = base_width, []
        for stage, depth in enumerate(layers):
            planes, blocks = base_width << stage, []
            for index in range(depth):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(block(inplanes, planes, stride, groups, width_per_group, gate, convolution))
                inplanes = planes * block.expansion
            self.stages.append(f"layer{stage + 1}")
            setattr(self, self.stages[-1], nn.Sequential(*blocks))
        self.fc = nn.Linear(inplanes, num_classes)

    def update_temperature(self, temperature):
        """Sets the temperature of every DYConv's and ODConv's attention."""
        cool(self, temperature)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for stage in self.stages:
            x = getattr(self, stage)(x)
        return self.fc(x.mean((2, 3)))
