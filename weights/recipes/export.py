#!/usr/bin/env python3
"""Turns a training checkpoint into a model directory: config.json, model.safetensors and the model card.

usage: export.py NAME --data FOLDER [--work FOLDER] [--out FOLDER]

Weights are stored as the recipe says: in float16 where it costs no accuracy (`smallest`: all of them, or else the large tensors, where at least as many test
pictures are right as in float32). The accuracy in the card is that of the stored numbers, read back, on the 10,000 test pictures.
"""

import argparse
import csv
import json
import textwrap
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch.utils.flop_counter import FlopCounterMode

import cifar10
from models import build
from models.odconv import ODConv2d
from recipes import COMPARED, RECIPES, SCHEDULES
from schedule import epochs_of, interval
from seeds import LEDGER, PICTURES
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
| accuracy | {right} of the {count:,} test pictures, {percent:.2f} % (95 % interval {low:.2f} to {high:.2f}) |
| parameters | {parameters:,}, stored as {stored} |
| multiply-adds | {multiply_adds:,} per picture |
| input | 32×32 RGB |

{chosen}
Limits: ten classes of small pictures. Anything else is classified as one of the ten, and a large photograph is first
reduced to 32 pixels.

CIFAR-10 (Krizhevsky, 2009) was published for research without a licence text; the weights are ours, under Apache-2.0.

Made with the Python environment of `weights/recipes/README.md`, FOLDER being CIFAR-10's binary files:

```text
venv/bin/python weights/recipes/train.py {name} --data FOLDER{options}
venv/bin/python weights/recipes/export.py {name} --data FOLDER
```
"""


#: How the length of a schedule was chosen: of the model that is compared with no other, and of those that are compared.
SETTLED = "The length of this schedule was chosen by the accuracy on the test pictures after each cycle, so that accuracy is slightly optimistic."
FIXED = "The schedule is that of all models that `weights/README.md` compares this one with, and was fixed beforehand. {last}"
LENGTHENED = """The schedule is that of all models that `weights/README.md` compares this one with. Its length was chosen by the plain network's accuracy after 32 and 48
epochs of other runs, so that accuracy may be slightly optimistic. {last}"""
SLOWED = """The schedule is that of all models that `weights/README.md` compares this one with. It was six epochs at a rate of 0.03 first, which took the plain network down
to 87.61 %, so that accuracy may be slightly optimistic. {last}"""
REVISED = """The schedule is that of models that `weights/README.md` compares this one with, but it is not this one's first: {before}, so that accuracy may be slightly
optimistic. {last}"""
LAST = "The weights are those of its last step."
#: Of the schedules that were not fixed beforehand.
CHOSEN = {"vgg16": LENGTHENED, "vgg16-further": SLOWED}
#: What was tried before, and measured on the test pictures, of the models that were given another block or schedule then.
BEFORE = {
    "odresnet-cifar10": "one of its own, of eleven epochs, reached 85.33 %",
    "resnet20-a2-cifar10": "without its input added to it, the block was at 67 % after three epochs",
    "resnet20-sk-cifar10": "with four groups, and kernels that started at random, it was at 65 % after one epoch",
    "resnet20-splat-cifar10": "three epochs that started from the plain network's other layers gave 81 %, two of another eight 63 %",
}


def chosen(name, recipe):
    """How the length of a model's schedule was chosen, and what other seeds gave."""
    if name not in COMPARED:
        text = SETTLED
    else:
        before = BEFORE.get(name)
        text = REVISED if before else next((text for kind, text in CHOSEN.items() if recipe["cycles"] == SCHEDULES[kind]["cycles"]), FIXED)
        text = f"{text.format(before=before, last=LAST)} {other_seeds(name, recipe['seed'])}"
    return textwrap.fill(text, 120, break_long_words=False, break_on_hyphens=False) + "\n"


def other_seeds(name, seed):
    """What the same training gave with other seeds, by `seeds.csv`."""
    with open(LEDGER, newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["model"] == name and row["seed"] != str(seed)]
    if not rows:
        return "It was trained with one seed; `weights/README.md` says how far seeds lie apart in models of the comparison."
    return " ".join(f"With seed {row['seed']} the same training gave {100 * int(row['right']) / PICTURES:.2f} %." for row in rows)


def multiply_adds(network):
    """Of one picture's pass: those of convolutions and matrix products, with one mixed kernel per layer and picture."""
    for module in network.modules():
        if isinstance(module, ODConv2d):
            module._mixes_outputs = lambda x: False
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network(torch.zeros(1, 3, 32, 32))
    return counter.get_total_flops() // 2


#: How weights are stored: the numbers that a tensor has at least, to be in float16, and how a card says it. The smallest file comes first.
STORED = {"float16": (0, "float16"), "large": (20_000, "float16 where a tensor has 20,000 numbers or more, float32 elsewhere"), "float32": (float("inf"), "float32")}


def stored(trained, kind, file):
    """Writes the weights and returns their state dict as a reader would find it."""
    least, _ = STORED[kind]
    numbers = lambda t: t.to(torch.float16 if t.numel() >= least else torch.float32) if t.is_floating_point() else t
    state = {key: numbers(t).contiguous() for key, t in trained.state_dict().items()}
    save_file(state, file, {"format": "pt"})
    file.chmod(0o644)
    return {key: t.float() if t.is_floating_point() else t for key, t in load_file(file).items()}


def export(name, recipe, trained, test, folder, precision="float32"):
    """Writes the model directory of a module, whose layers were trained in `precision`, and returns how many test pictures the stored weights label rightly."""
    trained = trained.eval()
    if hasattr(trained, "folded"):
        trained = trained.folded()
    folder.mkdir(parents=True, exist_ok=True)
    # What is served is what was stored, so that is what is measured: a fresh module, loaded strictly.
    served = build(recipe["architecture"], 10, recipe["model_args"]).eval()
    file, kind = folder / "model.safetensors", recipe["stored"]
    if kind == "smallest":
        right = {}
        for kind in STORED:
            served.load_state_dict(stored(trained, kind, file))
            right[kind] = accuracy(served, *test)
        kind = next(kind for kind in STORED if right[kind] >= right["float32"])
    served.load_state_dict(stored(trained, kind, file))
    right, count = accuracy(served, *test), len(test[1])

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

    low, high = interval(right, count)
    extra = f"; started from the weights of `{recipe['start']}`, plus noise where several kernels stand for one of its, except for layers that it does not have" if "start" in recipe else ""
    extra += f"; label smoothing {recipe['label_smoothing']}" if recipe["label_smoothing"] else ""
    if precision != "float32":
        extra += f"; layers computed in {precision}"
    if cooling := recipe.get("cooling"):
        extra += f"; the attentions' temperature falls from {cooling['from']:g} to 1 over the first {cooling['part']:.0%} of the steps"
    if recipe["train_args"].get("normalize"):
        extra += "; trained with batch norms, which are multiplied into the convolutions here"
    cycles = ", then ".join(
        f"{c['epochs']} epochs with a rate of {c['rate']} after a linear warm-up, falling as a cosine to 0"
        + ("" if c.get("crop", True) else ", pictures mirrored but not cropped") for c in recipe["cycles"])
    (folder / "README.md").write_text(CARD.format(
        name=name, about=recipe["about"], architecture=recipe["architecture"], model_args=json.dumps(recipe["model_args"]), extra=extra,
        cycles=cycles, right=right, count=count, percent=100 * right / count, low=low, high=high, stored=STORED[kind][1],
        parameters=sum(p.numel() for p in served.parameters()), multiply_adds=multiply_adds(served),
        chosen=chosen(name, recipe), options="" if precision == "float32" else f" --precision {precision}", **{key: recipe[key] for key in ("batch", "weight_decay", "seed")}))
    return right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(RECIPES))
    parser.add_argument("--data", required=True, help="folder of CIFAR-10's binary files")
    parser.add_argument("--work", default="runs", help="where train.py kept its checkpoint")
    parser.add_argument("--out", default=str(Path(__file__).resolve().parent.parent), help="folder of model directories")
    arguments = parser.parse_args()
    name = arguments.name

    saved = torch.load(Path(arguments.work) / name / "checkpoint.pt", map_location="cpu")
    # How it is stored is no part of its training.
    recipe = {**saved.get("recipe", RECIPES[name]), "stored": RECIPES[name]["stored"]}
    if saved["epoch"] < epochs_of(recipe):
        raise SystemExit(f"{name} has trained {saved['epoch']} of {epochs_of(recipe)} epochs; let train.py finish it.")
    trained = build(recipe["architecture"], 10, {**recipe["model_args"], **recipe["train_args"]})
    trained.load_state_dict(saved["model"])
    folder = Path(arguments.out) / name
    test = cifar10.test_set(arguments.data)
    right = export(name, recipe, trained, test, folder, saved.get("precision", "float32"))
    print(f"{name}: {right} of {len(test[1])} right, {(folder / 'model.safetensors').stat().st_size} bytes")


if __name__ == "__main__":
    main()
