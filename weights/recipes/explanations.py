#!/usr/bin/env python3
"""Writes what pytorch-grad-cam makes of the parity fixtures: the oracle of the explanations' tests, checked against Captum on the way.

usage: explanations.py [--into FOLDER] [CASE ...]

Beside each case's model directory it writes `explanations.safetensors`: for the last modules whose outputs are feature maps,
`<layer>/<method>` [2 pictures, 2 classes, H, W] of the methods gradcam, hirescam and layercam, computed in float64 and rounded to float32,
at the layer's own size, before any ReLU or scaling. `classes` [2] says which classes they are of.

Needs requirements-explanations.txt, and requirements-timm.txt for the cases called `timm-…`. Exits with an error where Captum differs from
pytorch-grad-cam by more than 1e-9 of a map's range.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from captum.attr import LayerGradCam, LayerGradientXActivation
from pytorch_grad_cam import GradCAM, HiResCAM, LayerCAM
from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget
from safetensors.torch import load_file, save_file
from torch import nn

from fixtures import FOLDER
from models import build

METHODS = {"gradcam": GradCAM, "hirescam": HiResCAM, "layercam": LayerCAM}

#: How many modules are looked at, counted back from the head.
LAYERS = 12

#: Modules that hand their input on.
IDLE = (nn.Identity, nn.Dropout)


def load(folder):
    """A case's network with its stored weights, in float64."""
    config = json.loads((folder / "config.json").read_text())
    arguments = (config["architecture"], config["num_classes"], config["model_args"])
    if folder.name.startswith("timm-"):
        from timm_networks import create

        model = create(*arguments)
    else:
        model = build(*arguments)
    state = load_file(folder / "model.safetensors")
    model.load_state_dict({k: v.double() if v.is_floating_point() else v for k, v in state.items()})
    for module in model.modules():
        # A ReLU in place would change the map that stands before it, which is the one to be explained.
        if hasattr(module, "inplace"):
            module.inplace = False
    return model.eval().double()


def layers(model, x):
    """The last modules whose outputs are feature maps, by name, but those that run more than once; those within attention blocks are the
    blocks' own business."""
    found, runs, hooks = {}, {}, []
    blocks = [n for n, m in model.named_modules() if hasattr(m, "maps") or type(m).__name__ in ("SEModule", "SplitAttn", "SelectiveKernel")]
    for name, module in model.named_modules():
        if name and not isinstance(module, IDLE) and not any(name.startswith(f"{block}.") for block in blocks if block):

            def keep(module, _, output, name=name):
                if isinstance(output, torch.Tensor) and output.ndim == 4:
                    runs[name] = runs.get(name, 0) + 1
                    found[name] = module

            hooks.append(module.register_forward_hook(keep))
    model(x)
    for hook in hooks:
        hook.remove()
    last = [(name, module) for name, module in found.items() if runs[name] == 1][-LAYERS:]
    # What a plain convolution gives is nowhere in a server that fuses the norm or the activation behind it.
    return {name: module for name, module in last if type(module) is not nn.Conv2d}


class Copy(nn.Module):
    def forward(self, x):
        return x.clone()


def protect(model, module):
    """Puts a copy behind a module: timm adds the shortcut to a block's last map in place, which would change the map that is explained."""
    for parent in list(model.modules()):
        for name, child in list(parent.named_children()):
            if child is module:
                setattr(parent, name, nn.Sequential(module, Copy()))


def explained(model, module, x, index, method):
    """pytorch-grad-cam's map [pictures, H, W] before it is cut at 0 and scaled."""
    with METHODS[method](model=model, target_layers=[module]) as cam:
        targets = [ClassifierOutputTarget(index)] * len(x)
        outputs = cam.activations_and_grads(x)
        model.zero_grad()
        sum(target(output) for target, output in zip(targets, outputs)).backward()
        store = cam.activations_and_grads
        maps, gradients = store.activations[-1].numpy(), store.gradients[0].numpy()
        return cam.get_cam_image(x, module, targets, maps, gradients, False)


def compare(name, ours, theirs):
    span = max(np.ptp(theirs), np.abs(theirs).max(), 1e-12)
    assert np.abs(ours - theirs).max() <= 1e-9 * span, f"{name}: Captum differs from pytorch-grad-cam by {np.abs(ours - theirs).max():.1e}"


def is_settled(model, module, x, index):
    """Whether the gradient stays what it is when the picture changes by what float32 rounds away.

    A ReLU whose input is 0 but for a rounding opens or closes by it, and every gradient behind it jumps: nothing can be learned there.
    """
    generator = torch.Generator().manual_seed(1)
    maps = explained(model, module, x, index, "hirescam")
    for _ in range(6):
        moved = x * (1 + 1e-6 * torch.randn(x.shape, generator=generator, dtype=x.dtype))
        if np.abs(explained(model, module, moved, index, "hirescam") - maps).max() > 1e-4 * np.abs(maps).max():
            return False
    return True


def write(folder):
    model = load(folder)
    for parameter in model.parameters():
        parameter.requires_grad_(True)
    x = load_file(folder / "expected.safetensors")["input"].double()
    classes = [0, json.loads((folder / "config.json").read_text())["num_classes"] - 1]
    tensors = {"classes": torch.tensor(classes)}
    found = layers(model, x)
    for module in found.values():
        protect(model, module)
    for name, module in found.items():
        if not is_settled(model, module, x, classes[0]):
            print(f"{folder.name}: {name} is left out, its gradient jumps within float32's rounding")
            continue
        for method in METHODS:
            maps = np.stack([explained(model, module, x, index, method) for index in classes], 1)
            tensors[f"{name}/{method}"] = torch.from_numpy(maps).float().contiguous()
            for place, index in enumerate(classes):
                if method == "gradcam":
                    theirs = LayerGradCam(model, module).attribute(x, target=index, relu_attributions=False)
                elif method == "hirescam":
                    theirs = LayerGradientXActivation(model, module).attribute(x, target=index)
                else:
                    continue
                compare(f"{folder.name} {name} {method}", theirs.sum(1).detach().numpy(), maps[:, place])
    save_file(tensors, folder / "explanations.safetensors")
    size = (folder / "explanations.safetensors").stat().st_size
    print(f"{folder.name}: {size // 1024} KB, {(len(tensors) - 1) // len(METHODS)} layers", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=FOLDER)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="all when none is named")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    folders = [arguments.into / name for name in arguments.cases]
    for folder in folders or sorted(path.parent for path in arguments.into.glob("*/config.json")):
        write(folder)


if __name__ == "__main__":
    main()
