#!/usr/bin/env python3
"""Writes what a network computes once its dynamic convolutions stand still, for the tests of `fovea convert --static`.

usage: static_fixtures.py

The reference knows nothing of folded weights: it is the dynamic network itself, in float64, each of whose attentions is replaced by its mean over
the calibration inputs, layer by layer, so that a later layer's mean is that of what the frozen layers before it let through.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from models import build
from models.dyconv import DYConv2d
from models.dynamic_conv import DynamicConvAttention
from models.odconv import ODConv2d

ROOT = Path(__file__).resolve().parents[2]
CASES = ["dyconv-basic", "dyconv-vgg", "dyconv-bottleneck", "dynamic-basic", "dynamic-vgg", "odconv-basic", "odconv-vgg-bn", "odconv-grouped",
         "odresnet18-two-kernels", "od-resnet18", "dy-resnet18"]


def attention(module, x):
    """What a layer computes of its input: tensors whose first axis is the batch."""
    if isinstance(module, ODConv2d):
        return module.maps(x)
    return {"mix": module.attention(x)} if isinstance(module, DYConv2d) else {"kernels": module.kernels(x)}


def freeze(module, means):
    """Replaces what the layer computes of its input by the same for every picture."""
    same = {key: (lambda x, value=value: value.expand(len(x), *value.shape)) for key, value in means.items()}
    if isinstance(module, ODConv2d):
        module.maps = lambda x: {key: make(x) for key, make in same.items()}
    elif isinstance(module, DYConv2d):
        module.attention.forward = same["mix"]
    else:
        module.kernels = same["kernels"]


@torch.no_grad()
def frozen(network, inputs):
    """Freezes every dynamic layer of the network, each on what the layers before it let through now."""
    for module in network.modules():
        if isinstance(module, (ODConv2d, DYConv2d, DynamicConvAttention)):
            seen = []
            handle = module.register_forward_pre_hook(lambda module, given: seen.append(given[0]))
            network(inputs)
            handle.remove()
            freeze(module, {key: value.mean(0) for key, value in attention(module, seen[0]).items()})
    return network


def main():
    written = {}
    for name in CASES + ["odresnet-cifar10"]:
        folder = ROOT / ("weights" if name.endswith("cifar10") else "Tests/FoveaZooTests/Fixtures") / name
        configuration = json.loads((folder / "config.json").read_text())
        network = build(configuration["architecture"], configuration["num_classes"], configuration.get("model_args", {})).double().eval()
        network.load_state_dict({key: value.double() for key, value in load_file(folder / "model.safetensors").items()}, strict=False)
        size = configuration["pretrained_cfg"]["input_size"]
        # More than one batch of eight for one case; numbers that float16 holds.
        count = 11 if name == "odconv-basic" else 3
        inputs = torch.randn(count, *size, generator=torch.Generator().manual_seed(5)).half()
        with torch.no_grad():
            before = network(inputs.double())
            written[f"{name}/dynamic"] = before.float()
            written[f"{name}/static"] = frozen(network, inputs.double())(inputs.double()).float()
        written[f"{name}/inputs"] = inputs
        change = (written[f"{name}/static"] - before).abs().max() / before.abs().max()
        print(f"{name}: {list(inputs.shape)}, the logits change by {change:.1e} of the largest")
    target = ROOT / "Tests/FoveaServingTests/Fixtures/static.safetensors"
    target.parent.mkdir(exist_ok=True)
    save_file({key: value.contiguous() for key, value in written.items()}, target)
    target.chmod(0o644)
    print(f"{target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
