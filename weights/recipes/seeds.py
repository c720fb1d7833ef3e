#!/usr/bin/env python3
"""What another seed changes: the accuracies of the comparison's models over seeds, against the plain network with the same epochs.

usage: seeds.py table                 the table of weights/README.md, from weights/seeds.csv
       seeds.py collect WORK...       lines for weights/seeds.csv, from train.py's --work folders, one for each seed

Each model has few seeds, and all of one schedule vary about alike: their deviation is pooled, and the difference of two means has an interval of Student's t
with as many degrees of freedom as there are seeds beyond the first of each. It says what training anew would change, on the same 10,000 pictures.
"""

import csv
import json
import math
import sys
from pathlib import Path

from recipes import COMPARED

LEDGER = Path(__file__).resolve().parent.parent / "seeds.csv"
PICTURES = 10_000


def control(name):
    """The plain network that a model is held against: of the same width, with as many epochs."""
    kind = lambda recipe: (recipe["cycles"], recipe.get("start"), recipe["model_args"].get("base_width"))
    plain = [other for other, told in COMPARED.items()
             if kind(told) == kind(COMPARED[name]) and told["architecture"] != "odresnet18" and not told["model_args"].get("attention")]
    assert len(plain) == 1, (name, plain)
    return plain[0]


def student(freedom, level=0.975):
    """The quantile of Student's t, by bisection of its integral."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)
    density = lambda t: scale * (1 + t * t / freedom) ** (-(freedom + 1) / 2)

    def above_zero(end, steps=2000):
        # Simpson's rule.
        width = end / steps
        inner = sum((4 if i % 2 else 2) * density(i * width) for i in range(1, steps))
        return (density(0) + inner + density(end)) * width / 3

    low, high = 0.0, 20.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if above_zero(middle) < level - 0.5 else (low, middle)
    return (low + high) / 2


def mean(values):
    return sum(values) / len(values)


def pooled(samples):
    """The deviation that several samples have in common, and its degrees of freedom."""
    squares = sum((value - mean(sample)) ** 2 for sample in samples for value in sample)
    freedom = sum(len(sample) - 1 for sample in samples)
    return (math.sqrt(squares / freedom) if freedom else None), freedom


def read(ledger=LEDGER):
    """The counts of each model, by seed."""
    counts = {}
    with open(ledger, newline="") as lines:
        for row in csv.DictReader(lines):
            counts.setdefault(row["model"], {})[int(row["seed"])] = int(row["right"])
    return counts


def signed(points):
    return f"{points:+.2f}".replace("-", "−")


def table(counts):
    """Rows of Markdown, a model each, those of one control together."""
    kinds, schedules = {}, {}
    for name in counts:
        kinds.setdefault(control(name), []).append(name)
        schedules.setdefault(str(COMPARED[name]["cycles"]), []).append(list(counts[name].values()))
    rows = ["| model | right, by seed | against | difference in points, and its 95 % interval over seeds |", "| --- | --- | --- | --- |"]
    for plain, names in kinds.items():
        deviation, freedom = pooled(schedules[str(COMPARED[plain]["cycles"])])
        for name in sorted(names, key=lambda name: (name != plain, name)):
            right = list(counts[name].values())
            told = f"| `{name}` | {', '.join(f'{value:,}' for value in right)} |"
            if name == plain:
                rows.append(f"{told}  | {f'a seed deviates by {100 * deviation / PICTURES:.2f}, on {freedom} degrees of freedom' if freedom else 'one seed'} |")
                continue
            difference = 100 * (mean(right) - mean(list(counts[plain].values()))) / PICTURES
            if freedom:
                reach = 100 * student(freedom) * deviation * math.sqrt(1 / len(right) + 1 / len(counts[plain])) / PICTURES
                rows.append(f"{told} `{plain}` | {signed(difference)} ({signed(difference - reach)} to {signed(difference + reach)}) |")
            else:
                rows.append(f"{told} `{plain}` | {signed(difference)} (one seed) |")
    return rows


def collect(folders):
    """Lines of the ledger, of the runs that came to their end."""
    import torch

    for folder in folders:
        for checkpoint in sorted(Path(folder).glob("*/checkpoint.pt")):
            saved = torch.load(checkpoint, map_location="cpu")
            last = json.loads((checkpoint.parent / "log.jsonl").read_text().splitlines()[-1])
            if "test_right" in last and last["epoch"] == sum(cycle["epochs"] for cycle in saved["recipe"]["cycles"]):
                yield f"{checkpoint.parent.name},{saved['recipe']['seed']},{saved['precision']},{last['test_right']}"


def main():
    match sys.argv[1:]:
        case ["table"]: print("\n".join(table(read())))
        case ["collect", *folders] if folders: print("\n".join(collect(folders)))
        case _: sys.exit(__doc__)


if __name__ == "__main__":
    main()
