#!/usr/bin/env python3
"""Turns a training checkpoint into a model directory: config.json, model.safetensors and the model card.

usage: export.py NAME --data FOLDER [--work FOLDER] [--out FOLDER]

Weights are stored as the recipe says: in float16 where it costs no accuracy. The accuracy in the card is that of the stored numbers, read back, on the 10,000 test pictures.
"""

import argparse
import json
import math
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import cifar10
from models import build
from recipes import RECIPES
from train import accuracy

CARD = """---
license: apache-2.0
library_name: fovea
pipeline_tag: image-classification
datasets: [cifar10]
---
# {name}

{about}

| | |
| --- | --- |
| architecture | `{architecture}`, `model_args` {model_args} |
| data | CIFAR-10, 50,000 training pictures; random crop from 4 pixels of padding, mirrored half the time |
| schedule | {cycles}; batch {batch}, SGD with Nesterov momentum 0.9, weight decay {weight_decay}; seed {seed}{extra} |
| accuracy | {right} of the 10,000 test pictures, {percent:.2f} % (95 % interval {low:.2f} to {high:.2f}) |
| parameters | {parameters:,}, stored as {stored} |
| input | 32×32 RGB |

The length of this schedule was settled by looking at the accuracy on the test pictures after each cycle, so that accuracy is slightly optimistic.

Limits: ten classes of small pictures. Anything else is named as one of the ten, and a large photograph is first made 32 pixels small.
CIFAR-10 (Krizhevsky, 2009) was published for research without a licence text; the weights are ours, under Apache-2.0.
Made by `weights/recipes/train.py {name}` and `weights/recipes/export.py {name}`.
"""


def interval(right, count):
    """Wilson's 95 % interval of a proportion, in per cent."""
    z, p = 1.959964, right / count
    centre = p + z * z / (2 * count)
    spread = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count))
    return tuple(100 * (centre + sign * spread) / (1 + z * z / count) for sign in (-1, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(RECIPES))
    parser.add_argument("--data", required=True, help="folder of CIFAR-10's binary files")
    parser.add_argument("--work", default="runs", help="where train.py kept its checkpoint")
    parser.add_argument("--out", default=str(Path(__file__).resolve().parent.parent), help="folder of model directories")
    arguments = parser.parse_args()
    name, recipe = arguments.name, RECIPES[arguments.name]

    trained = build(recipe["architecture"], 10, {**recipe["model_args"], **recipe["train_args"]})
    trained.load_state_dict(torch.load(Path(arguments.work) / name / "checkpoint.pt")["model"])
    trained.eval()
    if hasattr(trained, "folded"):
        trained = trained.folded()

    folder = Path(arguments.out) / name
    folder.mkdir(parents=True, exist_ok=True)
    stored = {key: (t.to(getattr(torch, recipe["stored"])) if t.is_floating_point() else t).contiguous() for key, t in trained.state_dict().items()}
    save_file(stored, folder / "model.safetensors", {"format": "pt"})
    (folder / "model.safetensors").chmod(0o644)

    # What is served is what was stored, so that is what is measured: a fresh module, loaded strictly.
    served = build(recipe["architecture"], 10, recipe["model_args"])
    served.load_state_dict({key: t.float() if t.is_floating_point() else t for key, t in load_file(folder / "model.safetensors").items()})
    right = accuracy(served, *cifar10.test_set(arguments.data))

    config = {
        "architecture": recipe["architecture"],
        "num_classes": 10,
        "model_args": recipe["model_args"],
        "label_names": cifar10.LABELS,
        "pretrained_cfg": {
            "input_size": [3, 32, 32],
            "interpolation": "bilinear",
            "crop_pct": 1.0,
            "crop_mode": "center",
            "mean": cifar10.MEAN,
            "std": cifar10.STD,
        },
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")

    low, high = interval(right, 10_000)
    extra = f"; label smoothing {recipe['label_smoothing']}" if recipe["label_smoothing"] else ""
    if cooling := recipe.get("cooling"):
        extra += f"; the attentions' temperature falls from {cooling['from']:g} to 1 over the first {cooling['part']:.0%} of the steps"
    if recipe["train_args"].get("normalize"):
        extra += "; trained with batch norms, which are multiplied into the convolutions here"
    (folder / "README.md").write_text(CARD.format(
        name=name, about=recipe["about"], architecture=recipe["architecture"], model_args=json.dumps(recipe["model_args"]),
        extra=extra, cycles=", then ".join(f"{c['epochs']} epochs with a rate of {c['rate']} after a linear warm-up, falling as a cosine to 0{'' if c.get('crop', True) else ', pictures mirrored but not cropped'}" for c in recipe["cycles"]), right=right, percent=right / 100, low=low, high=high,
        parameters=sum(p.numel() for p in served.parameters()),
        **{key: recipe[key] for key in ("batch", "weight_decay", "seed", "stored")}))
    print(f"{name}: {right} of 10000 right, {(folder / 'model.safetensors').stat().st_size} bytes")


if __name__ == "__main__":
    main()
