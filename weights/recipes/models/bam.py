"""BAM (Park et al., 2018) and CBAM (Woo et al., 2018) under the names of their authors' repository."""

import torch
from torch import nn


class BAM(nn.Module):
    """1 + σ(channel scores · position scores), times the input."""

    def __init__(self, channels, reduction_ratio=16, dilation=4):
        super().__init__()
        hidden = channels // reduction_ratio
        gate_c = {
            "gate_c_fc_0": nn.Linear(channels, hidden),
            "gate_c_bn_1": nn.BatchNorm1d(hidden),
            "gate_c_relu_1": nn.ReLU(),
            "gate_c_fc_final": nn.Linear(hidden, channels),
        }
        gate_s = {"gate_s_conv_reduce0": nn.Conv2d(channels, hidden, 1), "gate_s_bn_reduce0": nn.BatchNorm2d(hidden), "gate_s_relu_reduce0": nn.ReLU()}
        for index in range(2):
            gate_s[f"gate_s_conv_di_{index}"] = nn.Conv2d(hidden, hidden, 3, padding=dilation, dilation=dilation)
            gate_s[f"gate_s_bn_di_{index}"] = nn.BatchNorm2d(hidden)
            gate_s[f"gate_s_relu_di_{index}"] = nn.ReLU()
        gate_s["gate_s_conv_final"] = nn.Conv2d(hidden, 1, 1)
        self.channel_att = nn.ModuleDict({"gate_c": sequential(gate_c)})
        self.spatial_att = nn.ModuleDict({"gate_s": sequential(gate_s)})

    def gate(self, x):
        assert x.shape[2] == x.shape[3], "the authors' pooling takes square maps"
        channel = self.channel_att["gate_c"](x.mean((2, 3)))
        return torch.sigmoid(channel[:, :, None, None] * self.spatial_att["gate_s"](x))

    def maps(self, x):
        gate = self.gate(x)
        return {"channel": gate.mean((2, 3)), "spatial": gate.mean(1)}

    def forward(self, x):
        return x * (1 + self.gate(x))


def sequential(modules):
    """A Sequential whose elements have names."""
    chain = nn.Sequential()
    for name, module in modules.items():
        chain.add_module(name, module)
    return chain


class CBAMGates(nn.Module):
    """Unlike the article's CBAM: biases in the linear layers, a norm behind the spatial convolution, which reads the maximum first."""

    def __init__(self, channels, reduction_ratio=16):
        super().__init__()
        hidden = channels // reduction_ratio
        mlp = nn.Sequential(nn.Flatten(), nn.Linear(channels, hidden), nn.ReLU(), nn.Linear(hidden, channels))
        self.ChannelGate = nn.ModuleDict({"mlp": mlp})
        spatial = {"conv": nn.Conv2d(2, 1, 7, padding=3, bias=False), "bn": nn.BatchNorm2d(1)}
        self.SpatialGate = nn.ModuleDict({"spatial": sequential(spatial)})

    def channel(self, x):
        mlp = self.ChannelGate["mlp"]
        return torch.sigmoid(mlp(x.mean((2, 3))) + mlp(x.amax((2, 3))))

    def spatial(self, x):
        return torch.sigmoid(self.SpatialGate["spatial"](torch.cat([x.amax(1, keepdim=True), x.mean(1, keepdim=True)], 1)))

    def maps(self, x):
        channel = self.channel(x)
        return {"channel": channel, "spatial": self.spatial(x * channel[:, :, None, None])[:, 0]}

    def forward(self, x):
        x = x * self.channel(x)[:, :, None, None]
        return x * self.spatial(x)
