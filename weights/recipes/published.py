#!/usr/bin/env python3
"""Holds Fovea against the published networks at their full size: timm's and torchvision's own code, or for the articles' networks `models/`; random
weights with the scales of trained ones.

usage: published.py --fovea PATH [NAME ...]      compares, and prints a table
       published.py --totals [NAME ...]          prints parameters and multiply-adds (fvcore's count) as Swift literals

A name is timm's, or torchvision's behind `torchvision/`, or one of `models/` behind `models/`; `@256` behind it asks for a picture of that side
instead of 224. The picture is a PNG of the input's size and the crop takes all of it, so that preparing it is no more than a normalisation.
"""

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import save_file
from torch import nn

from fixtures import observed, pictures, settle
from models import build

#: One of each family.
FAMILIES = [
    "resnet50", "resnet50d", "seresnet50", "skresnet18", "skresnet50d", "skresnext50_32x4d", "resnest50d", "resnest50d_1s4x24d",
    "resnest50d_4s2x40d", "resnest101e", "legacy_seresnet18", "legacy_seresnet50", "legacy_seresnext50_32x4d", "vgg16_bn", "vgg11@256",
    "torchvision/resnet18", "torchvision/resnet50", "torchvision/resnet101", "torchvision/resnext50_32x4d", "torchvision/wide_resnet50_2",
    "torchvision/vgg16", "torchvision/vgg19_bn", "models/odresnet18@32", "models/odresnet34@32", "models/vgg16_with_attention",
    "models/vgg16_with_dynamic_conv",
]
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
SIDE = 224


def create(name):
    """The model, and the architecture's name without its library."""
    library, _, architecture = name.rpartition("/")
    if library == "torchvision":
        import torchvision

        return torchvision.models.get_model(architecture), architecture
    if library == "models":
        return build(architecture, 1000, {}), architecture
    import timm

    return timm.create_model(architecture), architecture


@torch.no_grad()
def compare(name, fovea, folder):
    """A row of the table."""
    torch.manual_seed(1)
    generator = torch.Generator().manual_seed(1)
    network, _, side = name.partition("@")
    side = int(side or SIDE)
    model, architecture = create(network)
    model.eval()
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)) and module.bias is not None:
            nn.init.zeros_(module.bias)
    # The norms of pooled vectors see one vector a picture: with two pictures their statistics would be unlike any trained network's.
    settle(model, pictures(max(8, SIDE**2 // side**2), side, side, generator), generator)
    directory = folder / architecture
    directory.mkdir()
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, directory / "model.safetensors", metadata={"format": "pt"})
    config = {"architecture": architecture, "num_classes": 1000, "pretrained_cfg": {"input_size": [3, side, side], "crop_pct": 1.0, "mean": MEAN, "std": STD}}
    (directory / "config.json").write_text(json.dumps(config))
    x = pictures(1, side, side, generator)[0].permute(1, 2, 0).numpy()
    pixels = np.clip((x * STD + MEAN) * 255, 0, 255).round().astype(np.uint8)
    Image.fromarray(pixels).save(folder / "picture.png")

    # The oracle reads what was stored, and sums in double precision from the same float32 pixels.
    x = (torch.from_numpy(pixels).permute(2, 0, 1).float() / 255 - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
    single_logits, single_maps = observed(model, x[None])
    model = model.double()
    logits, maps = observed(model, x[None].double())
    call = [fovea, "classify", "--model", directory, "--top-k", "1000", "--format", "json", folder / "picture.png"]
    answer = json.loads(subprocess.run(call, check=True, capture_output=True, text=True).stdout)["result"]
    inspected = json.loads(subprocess.run([fovea, "inspect", directory, "--json"], check=True, capture_output=True, text=True).stdout)
    ours = torch.zeros(1000, dtype=torch.float64)
    for prediction in answer["predictions"]:
        ours[prediction["index"]] = prediction["logit"]
    logit_error = ((ours - logits[0]).abs().max() / logits.abs().max()).item()
    answered = {f"{m['layer']}/{m['kind']}": torch.tensor(m["values"], dtype=torch.float64) for m in answer["attention"]}
    assert answered.keys() == maps.keys(), (answered.keys() ^ maps.keys())
    # `classify` averages maps down that are larger than 32x32.
    maps = {k: v for k, v in maps.items() if answered[k].numel() == v[0].numel()}
    map_error = max((answered[k] - v[0].flatten()).abs().max().item() for k, v in maps.items()) if maps else None
    # How much of that is float32's own: the same network in PyTorch, in single precision.
    single_logit = ((single_logits - logits).abs().max() / logits.abs().max()).item()
    single_map = max((single_maps[k] - v).abs().max().item() for k, v in maps.items()) if maps else None
    parameters = sum(p.numel() for p in model.parameters())
    equal = "equal" if inspected["parameters"] == parameters else f"{inspected['parameters']} instead"
    cells = [f"`{name}`", f"{parameters}, {equal}", f"{logit_error:.1e}", "none" if map_error is None else f"{map_error:.1e} ({len(maps)} maps)"]
    cells += [f"{single_logit:.1e}", "none" if single_map is None else f"{single_map:.1e}"]
    return "| " + " | ".join(cells) + " |"


def totals(name):
    """A row of the Swift test."""
    from fvcore.nn import FlopCountAnalysis

    model, architecture = create(name)
    operations = FlopCountAnalysis(model.eval(), torch.zeros(1, 3, SIDE, SIDE)).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
    return f'("{architecture}", {sum(p.numel() for p in model.parameters())}, {int(operations.total())}),'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fovea", type=Path, default=Path(".build/release/fovea"))
    parser.add_argument("--totals", action="store_true")
    parser.add_argument("names", nargs="*", metavar="NAME", help="one of each family when none is named")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    if not arguments.totals:
        print("| name | parameters | largest error of a logit, by the largest logit | largest error of a map | PyTorch's logits in float32 | its maps |\n" + "| --- " * 6 + "|")
    for name in arguments.names or FAMILIES:
        if arguments.totals:
            print(totals(name), flush=True)
        else:
            with tempfile.TemporaryDirectory() as folder:
                print(compare(name, arguments.fovea.resolve(), Path(folder)), flush=True)


if __name__ == "__main__":
    main()
