"""The ResNets of the papers' own repositories, under their state-dict names, with any width and depth."""

import torch
from torch import nn

from .bam import BAM, CBAMGates
from .dyconv import DYConv2d
from .odconv import ODConv2d
from .self_calibrated import SCConv
from .spatial_group_enhance import SpatialGroupEnhance
from .split_attention import SplitAttn

DEPTHS = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def convolve(cin, cout, kernel, stride=1, groups=1):
    return nn.Conv2d(cin, cout, kernel, stride, kernel // 2, groups=groups, bias=False)


def shortcut(inplanes, planes, stride, averages=False, convolution=convolve):
    if stride == 1 and inplanes == planes:
        return None
    if averages:
        pool = nn.AvgPool2d(stride, stride, ceil_mode=True, count_include_pad=False)
        return nn.Sequential(pool, convolution(inplanes, planes, 1), nn.BatchNorm2d(planes))
    return nn.Sequential(convolution(inplanes, planes, 1, stride), nn.BatchNorm2d(planes))


class Block(nn.Module):
    """What follows the branch: the shortcut's sum and ReLU."""

    def forward(self, x):
        return torch.relu(self.branch(x) + (x if self.downsample is None else self.downsample(x)))


class Residual(Block):
    """A basic block or a bottleneck, with any convolution in its branch and on its shortcut, and a gate of any name."""

    def __init__(self, inplanes, planes, stride, expansion, convolution=convolve, projection=convolve, gate=None):
        super().__init__()
        sizes = [(3, planes), (3, planes)] if expansion == 1 else [(1, planes), (3, planes), (1, planes * 4)]
        cin = inplanes
        for index, (kernel, cout) in enumerate(sizes, 1):
            strided = kernel == 3 and (expansion == 4 or index == 1)
            setattr(self, f"conv{index}", convolution(cin, cout, kernel, stride if strided else 1))
            setattr(self, f"bn{index}", nn.BatchNorm2d(cout))
            cin = cout
        self.count, self.gate_name = len(sizes), None
        if gate:
            self.gate_name, make = gate
            setattr(self, self.gate_name, make(cin))
        self.downsample = shortcut(inplanes, cin, stride, convolution=projection)

    def branch(self, x):
        for index in range(1, self.count + 1):
            x = getattr(self, f"bn{index}")(getattr(self, f"conv{index}")(x))
            if index < self.count:
                x = torch.relu(x)
        return getattr(self, self.gate_name)(x) if self.gate_name else x


class SELayer(nn.Module):
    def __init__(self, channels, reduction=16):
        super().__init__()
        self.fc = nn.Sequential(nn.Linear(channels, channels // reduction), nn.ReLU(), nn.Linear(channels // reduction, channels), nn.Sigmoid())

    def maps(self, x):
        return {"channel": self.fc(x.mean((2, 3)))}

    def forward(self, x):
        return x * self.maps(x)["channel"][:, :, None, None]


class SKBottleneck(Block):
    """A plain 3×3 convolution and one in 32 groups, mixed per channel."""

    def __init__(self, inplanes, planes, stride):
        super().__init__()
        self.conv1, self.bn1 = convolve(inplanes, planes, 1), nn.BatchNorm2d(planes)
        self.conv2, self.bn2 = convolve(planes, planes, 3, stride), nn.BatchNorm2d(planes)
        self.conv2g, self.bn2g = convolve(planes, planes, 3, stride, 32), nn.BatchNorm2d(planes)
        self.conv3, self.bn3 = convolve(planes, planes * 4, 1), nn.BatchNorm2d(planes * 4)
        self.conv_fc1, self.bn_fc1 = convolve(planes, planes // 16, 1), nn.BatchNorm2d(planes // 16)
        self.conv_fc2 = convolve(planes // 16, 2 * planes, 1)
        self.downsample = shortcut(inplanes, planes * 4, stride)

    def select(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        branches = torch.stack([torch.relu(self.bn2(self.conv2(x))), torch.relu(self.bn2g(self.conv2g(x)))], 1)
        z = torch.relu(self.bn_fc1(self.conv_fc1(branches.sum(1).mean((2, 3), keepdim=True))))
        return branches, torch.softmax(self.conv_fc2(z).flatten(1).unflatten(1, (2, -1)), 1)

    def maps(self, x):
        return {"branch": self.select(x)[1]}

    def branch(self, x):
        branches, weights = self.select(x)
        return self.bn3(self.conv3((branches * weights[:, :, :, None, None]).sum(1)))


class SCBottleneck(Block):
    """A plain and a self-calibrated branch side by side."""

    def __init__(self, inplanes, planes, stride, averages, groups=1, bottleneck_width=32):
        super().__init__()
        width = int(planes * (bottleneck_width / 64.0)) * groups
        inner = 1 if averages else stride
        self.conv1_a, self.bn1_a = convolve(inplanes, width, 1), nn.BatchNorm2d(width)
        self.conv1_b, self.bn1_b = convolve(inplanes, width, 1), nn.BatchNorm2d(width)
        self.k1 = nn.Sequential(convolve(width, width, 3, inner, groups), nn.BatchNorm2d(width))
        self.scconv = SCConv(width, width, inner, groups=groups)
        self.pool = nn.AvgPool2d(3, stride, 1) if averages and stride > 1 else nn.Identity()
        self.conv3, self.bn3 = convolve(2 * width, planes * 4, 1), nn.BatchNorm2d(planes * 4)
        self.downsample = shortcut(inplanes, planes * 4, stride, averages)

    def branch(self, x):
        a = torch.relu(self.k1(torch.relu(self.bn1_a(self.conv1_a(x)))))
        b = torch.relu(self.scconv(torch.relu(self.bn1_b(self.conv1_b(x)))))
        return self.bn3(self.conv3(self.pool(torch.cat([a, b], 1))))


class ResNeStBottleneck(Block):
    def __init__(self, inplanes, planes, stride, radix, groups, bottleneck_width, pools_first):
        super().__init__()
        width = int(planes * (bottleneck_width / 64.0)) * groups
        self.conv1, self.bn1 = convolve(inplanes, width, 1), nn.BatchNorm2d(width)
        # The share of the splits' channels is cut to a whole number here; timm rounds it to a multiple of 8.
        self.conv2 = SplitAttn(width, groups=groups, radix=radix, norm_layer=nn.BatchNorm2d)
        hidden = max(width * radix // 4, 32)
        self.conv2.fc1, self.conv2.bn1 = nn.Conv2d(width, hidden, 1, groups=groups), nn.BatchNorm2d(hidden)
        self.conv2.fc2 = nn.Conv2d(hidden, width * radix, 1, groups=groups)
        self.pool, self.pools_first = nn.AvgPool2d(3, stride, 1) if stride > 1 else nn.Identity(), pools_first
        self.conv3, self.bn3 = convolve(width, planes * 4, 1), nn.BatchNorm2d(planes * 4)
        self.downsample = shortcut(inplanes, planes * 4, stride, True)

    def branch(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.conv2(self.pool(x)) if self.pools_first else self.pool(self.conv2(x))
        return self.bn3(self.conv3(x))


class PaperResNet(nn.Module):
    """`block` makes a block of (inplanes, planes, stride); `between` what follows each stage but the last, as `bam1`, `bam2`…"""

    def __init__(self, block, expansion, layers, num_classes=1000, base_width=64, stem="imagenet", stem_width=None, between=None):
        super().__init__()
        inplanes = base_width
        if stem_width:
            inplanes, self.conv1 = 2 * stem_width, nn.Sequential(
                convolve(3, stem_width, 3, 2), nn.BatchNorm2d(stem_width), nn.ReLU(),
                convolve(stem_width, stem_width, 3), nn.BatchNorm2d(stem_width), nn.ReLU(),
                convolve(stem_width, 2 * stem_width, 3))
        else:
            self.conv1 = convolve(3, inplanes, 7, 2) if stem == "imagenet" else convolve(3, inplanes, 3)
        self.maxpool = nn.MaxPool2d(3, 2, 1) if stem == "imagenet" else nn.Identity()
        self.bn1, self.chain = nn.BatchNorm2d(inplanes), []
        for stage, depth in enumerate(layers, 1):
            planes, blocks = base_width << stage - 1, []
            for index in range(depth):
                blocks.append(block(inplanes, planes, 2 if stage > 1 and index == 0 else 1))
                inplanes = planes * expansion
            self.chain.append(f"layer{stage}")
            setattr(self, self.chain[-1], nn.Sequential(*blocks))
            if between and stage < len(layers):
                self.chain.append(f"bam{stage}")
                setattr(self, self.chain[-1], between(inplanes))
        self.fc = nn.Linear(inplanes, num_classes)

    def forward(self, x):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for name in self.chain:
            x = getattr(self, name)(x)
        return self.fc(x.mean((2, 3)))


def residual(depth, layers=None, convolution=convolve, projection=convolve, gate=None, **kwargs):
    expansion = 1 if depth < 50 else 4
    block = lambda *place: Residual(*place, expansion, convolution, projection, gate)
    return PaperResNet(block, expansion, layers or DEPTHS[depth], **kwargs)


def od_resnet(depth, kernel_num=1, reduction=0.0625, temperature=1.0, **kwargs):
    def convolution(cin, cout, kernel, stride=1):
        module = ODConv2d(cin, cout, kernel, stride, kernel // 2, kernel_num=kernel_num, reduction=reduction)
        module.update_temperature(temperature)
        return module

    return residual(depth, convolution=convolution, **kwargs)


def dy_resnet(depth, ratio=0.25, K=4, temperature=34, bias=False, **kwargs):
    convolution = lambda cin, cout, kernel, stride=1: DYConv2d(cin, cout, kernel, ratio, stride, kernel // 2, bias=bias, K=K, temperature=temperature)
    return residual(depth, convolution=convolution, projection=convolution, **kwargs)


def cbam_resnet(depth, network_type="ImageNet", **kwargs):
    return residual(depth, gate=("cbam", CBAMGates), stem="imagenet" if network_type == "ImageNet" else "cifar", **kwargs)


def bam_resnet(depth, network_type="ImageNet", **kwargs):
    return residual(depth, between=BAM, stem="imagenet" if network_type == "ImageNet" else "cifar", **kwargs)


def se_resnet(depth, **kwargs):
    return residual(depth, gate=("se", SELayer), **kwargs)


def sge_resnet(depth, **kwargs):
    return residual(depth, gate=("sge", lambda channels: SpatialGroupEnhance(64)), **kwargs)


def sk_resnet(depth, layers=None, **kwargs):
    return PaperResNet(SKBottleneck, 4, layers or DEPTHS[depth], **kwargs)


def scnet(depth, v1d_stem=None, layers=None, groups=1, bottleneck_width=32, stem_width=None, **kwargs):
    block = lambda *place: SCBottleneck(*place, v1d_stem is not None, groups, bottleneck_width)
    return PaperResNet(block, 4, layers or DEPTHS[depth], stem_width=v1d_stem and (stem_width or v1d_stem), **kwargs)


def resnest(depths, stem_width=64, radix=2, groups=1, bottleneck_width=64, pools_first=False):
    def make(layers=None, **told):
        own = {"radix": radix, "groups": groups, "bottleneck_width": bottleneck_width}
        own = {key: told.pop(key, value) for key, value in own.items()}
        block = lambda *place: ResNeStBottleneck(*place, **own, pools_first=pools_first)
        return PaperResNet(block, 4, layers or depths, **{"stem_width": stem_width, **told})

    return make


def family(name, make, depths):
    return {name.format(depth): (lambda depth=depth, **kwargs: make(depth, **kwargs)) for depth in depths}


ARCHITECTURES = {
    **family("od_resnet{}", od_resnet, (18, 34, 50, 101)),
    **family("dy_resnet{}", dy_resnet, (18, 34, 50, 101, 152)),
    **family("resnet{}_cbam", cbam_resnet, (18, 34, 50, 101)),
    **family("resnet{}_bam", bam_resnet, (18, 34, 50, 101)),
    **family("cbam_resnet{}", cbam_resnet, (18, 34, 50, 101)),
    **family("bam_resnet{}", bam_resnet, (18, 34, 50, 101)),
    **family("se_resnet{}", se_resnet, (18, 34, 50, 101, 152)),
    **family("sge_resnet{}", sge_resnet, (18, 34, 50, 101, 152)),
    **family("sk_resnet{}", sk_resnet, (50, 101, 152)),
    **family("scnet{}", scnet, (50, 101)),
    "scnet50_v1d": lambda **kwargs: scnet(50, 32, **kwargs),
    "scnet101_v1d": lambda **kwargs: scnet(101, 64, **kwargs),
    "resnest50": resnest(DEPTHS[50], 32),
    "resnest101": resnest(DEPTHS[101]),
    "resnest200": resnest((3, 24, 36, 3)),
    "resnest269": resnest((3, 30, 48, 8)),
    **{
        f"resnest50_fast_{radix}s{groups}x{width}d": resnest(DEPTHS[50], 32, radix, groups, width, True)
        for radix, groups, width in ((1, 1, 64), (2, 1, 64), (4, 1, 64), (1, 2, 40), (2, 2, 40), (4, 2, 40), (1, 4, 24))
    },
}
