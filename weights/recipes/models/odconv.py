"""ODConv (omni-dimensional dynamic convolution, Li et al., ICLR 2022) and a ResNet of basic blocks made of it."""

import torch
import torch.nn.functional as F
from torch import nn


class Attention(nn.Module):
    """The four attentions of one ODConv layer, from the pooled input.

    A branch that would have nothing to choose from does not exist: `filter` of a depth-wise convolution, `spatial` of a
    1×1 one, `kernel` where there is one kernel.
    """

    def __init__(self, in_planes, out_planes, kernel_size, groups=1, reduction=0.0625, kernel_num=4, min_channel=16):
        super().__init__()
        hidden = max(int(in_planes * reduction), min_channel)
        self.temperature = 1.0
        self.kernel_size = kernel_size
        self.fc = nn.Conv2d(in_planes, hidden, 1, bias=False)
        self.bn = nn.BatchNorm2d(hidden)
        self.channel_fc = nn.Conv2d(hidden, in_planes, 1)
        depthwise = in_planes == groups and in_planes == out_planes
        self.filter_fc = None if depthwise else nn.Conv2d(hidden, out_planes, 1)
        self.spatial_fc = None if kernel_size == 1 else nn.Conv2d(hidden, kernel_size * kernel_size, 1)
        self.kernel_fc = None if kernel_num == 1 else nn.Conv2d(hidden, kernel_num, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def update_temperature(self, temperature):
        if temperature <= 0:
            raise ValueError(f"temperature {temperature}: the attentions are divided by it, so it must be above 0")
        self.temperature = temperature

    def maps(self, x):
        """The attentions that this layer has: `channel` [B, Cin], `filter` [B, Cout], `kernel_spatial` [B, k, k], `kernel` [B, K]."""
        hidden = F.relu(self.bn(self.fc(x.mean((2, 3), keepdim=True))))
        score = lambda branch: branch(hidden).flatten(1) / self.temperature
        maps = {"channel": torch.sigmoid(score(self.channel_fc))}
        if self.filter_fc is not None:
            maps["filter"] = torch.sigmoid(score(self.filter_fc))
        if self.spatial_fc is not None:
            maps["kernel_spatial"] = torch.sigmoid(score(self.spatial_fc)).unflatten(1, (self.kernel_size, self.kernel_size))
        if self.kernel_fc is not None:
            maps["kernel"] = torch.softmax(score(self.kernel_fc), 1)
        return maps


class ODConv2d(nn.Module):
    """A convolution whose kernel is, for each picture, the attention-weighted sum of `kernel_num` kernels.

    `weight` is [K, Cout, Cin / groups, k, k]. There is no bias.
    """

    def __init__(self, in_planes, out_planes, kernel_size, stride=1, padding=0, dilation=1, groups=1, reduction=0.0625, kernel_num=4):
        super().__init__()
        self.in_planes, self.out_planes, self.kernel_size = in_planes, out_planes, kernel_size
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        self.attention = Attention(in_planes, out_planes, kernel_size, groups, reduction, kernel_num)
        self.weight = nn.Parameter(torch.empty(kernel_num, out_planes, in_planes // groups, kernel_size, kernel_size))
        for kernel in self.weight:
            nn.init.kaiming_normal_(kernel, mode="fan_out", nonlinearity="relu")

    def update_temperature(self, temperature):
        self.attention.update_temperature(temperature)

    def maps(self, x):
        return self.attention.maps(x)

    def forward(self, x):
        maps = self.maps(x)
        x = x * maps["channel"][:, :, None, None]
        mixed = self._mixed_outputs if self._mixes_outputs(x) else self._mixed_kernels
        out = mixed(x, maps)
        return out * maps["filter"][:, :, None, None] if "filter" in maps else out

    def _mixes_outputs(self, x):
        """Whether the maps are so small that K times the arithmetic costs less than a kernel per picture."""
        return self.groups == 1 and x.shape[2] * x.shape[3] <= 16 * self.stride**2 and len(self.weight) > 1

    def _mixed_kernels(self, x, maps):
        """The definition: one kernel per picture, and a grouped convolution with the batch as groups."""
        batch = x.shape[0]
        kernels = (maps["kernel"] @ self.weight.flatten(1)) if "kernel" in maps else self.weight[0].expand(batch, *self.weight.shape[1:])
        kernels = kernels.reshape(batch, *self.weight.shape[1:])
        if "kernel_spatial" in maps:
            kernels = kernels * maps["kernel_spatial"][:, None, None]
        out = F.conv2d(x.reshape(1, -1, *x.shape[2:]), kernels.flatten(0, 1), None, self.stride, self.padding, self.dilation, self.groups * batch)
        return out.view(batch, self.out_planes, *out.shape[2:])

    def _mixed_outputs(self, x, maps):
        """The same sum in another order: every kernel's output over windows scaled by the spatial attention, then the weighted sum."""
        batch, k = x.shape[0], self.kernel_size
        height, width = ((side + 2 * self.padding - self.dilation * (k - 1) - 1) // self.stride + 1 for side in x.shape[2:])
        windows = F.unfold(x, k, self.dilation, self.padding, self.stride).transpose(1, 2)  # [B, H·W, Cin·k²]
        if "kernel_spatial" in maps:
            windows = windows.unflatten(2, (-1, k * k)) * maps["kernel_spatial"].flatten(1)[:, None, None]
        outputs = windows.reshape(batch * height * width, -1) @ self.weight.flatten(0, 1).flatten(1).t()  # [B·H·W, K·Cout]
        outputs = outputs.view(batch, height * width, len(self.weight), self.out_planes)
        return torch.einsum("blko,bk->bol", outputs, maps["kernel"]).reshape(batch, self.out_planes, height, width)


class BasicBlock(nn.Module):
    def __init__(self, inplanes, planes, stride, kernel_num, reduction):
        super().__init__()
        convolution = lambda cin, stride: ODConv2d(cin, planes, 3, stride, 1, kernel_num=kernel_num, reduction=reduction)
        self.conv1 = convolution(inplanes, stride)
        self.bn1 = nn.BatchNorm2d(planes)
        self.conv2 = convolution(planes, 1)
        self.bn2 = nn.BatchNorm2d(planes)
        self.downsample = None
        if stride != 1 or inplanes != planes:
            pointwise = ODConv2d(inplanes, planes, 1, stride, kernel_num=1, reduction=reduction)
            self.downsample = nn.Sequential(pointwise, nn.BatchNorm2d(planes))

    def forward(self, x):
        out = F.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return F.relu(out + (x if self.downsample is None else self.downsample(x)))


class ODResNet(nn.Module):
    """A ResNet with the CIFAR stem (3×3, stride 1, no pooling) whose blocks convolve by ODConv."""

    def __init__(self, layers=(2, 2, 2, 2), num_classes=10, base_width=64, kernel_num=4, reduction=0.0625, temperature=1.0):
        super().__init__()
        self.conv1 = nn.Conv2d(3, base_width, 3, 1, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(base_width)
        nn.init.kaiming_normal_(self.conv1.weight, mode="fan_out", nonlinearity="relu")
        inplanes = base_width
        for stage, depth in enumerate(layers):
            planes = base_width << stage
            blocks = []
            for index in range(depth):
                stride = 2 if stage > 0 and index == 0 else 1
                blocks.append(BasicBlock(inplanes, planes, stride, kernel_num, reduction))
                inplanes = planes
            setattr(self, f"layer{stage + 1}", nn.Sequential(*blocks))
        self.stages = [f"layer{stage + 1}" for stage in range(len(layers))]
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(inplanes, num_classes)
        self.update_temperature(temperature)

    def update_temperature(self, temperature):
        """Sets the temperature of every attention; training starts warm (30) and cools to 1."""
        for module in self.modules():
            if isinstance(module, ODConv2d):
                module.update_temperature(temperature)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        for stage in self.stages:
            x = getattr(self, stage)(x)
        return self.fc(torch.flatten(self.avgpool(x), 1))
