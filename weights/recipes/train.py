#!/usr/bin/env python3
"""Trains one of the shipped models on CIFAR-10.

usage: train.py NAME --data FOLDER [--work FOLDER] [--threads N]

Schedule: SGD with Nesterov momentum 0.9 and weight decay; the rate rises linearly, then falls as a cosine, once or more. Each epoch ends in a
checkpoint under --work, from which the next start goes on. `export.py` turns the last one into a model directory.
"""

import argparse
import json
import math
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from tqdm import tqdm

import cifar10
from models import build
from recipes import RECIPES


def cycle_at(step, per_epoch, recipe):
    """The recipe's cycle that a step belongs to, its place in there, and the cycle's number of steps."""
    for cycle in recipe["cycles"]:
        steps = cycle["epochs"] * per_epoch
        if step < steps:
            break
        step -= steps
    return cycle, step, steps


def rate_at(step, per_epoch, recipe):
    """The learning rate of one step: in each of the recipe's cycles a linear warm-up, then a cosine down to 0 (SGDR, Loshchilov and Hutter, 2016)."""
    cycle, step, steps = cycle_at(step, per_epoch, recipe)
    rise = cycle["warm_up"] * steps
    if step < rise:
        return cycle["rate"] * (step + 1) / (rise + 1)
    return cycle["rate"] * 0.5 * (1 + math.cos(math.pi * (step - rise) / (steps - rise)))


def temperature_at(step, steps, recipe):
    """The attentions' temperature: linear from the recipe's start down to 1, which it keeps for the rest."""
    cooling = recipe.get("cooling")
    if cooling is None:
        return None
    done = min(1.0, step / (cooling["part"] * steps))
    return cooling["from"] + (1.0 - cooling["from"]) * done


@torch.no_grad()
def accuracy(model, pictures, labels):
    """How many of the pictures the model, in evaluation mode, labels rightly."""
    model.eval()
    right = 0
    for x, y in zip(pictures.split(250), labels.split(250)):
        right += (model(cifar10.normalize(x)).argmax(1) == y).sum().item()
    return right


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=sorted(RECIPES))
    parser.add_argument("--data", required=True, help="folder of CIFAR-10's binary files")
    parser.add_argument("--work", default="runs", help="where checkpoints and the log go")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    recipe = RECIPES[arguments.name]
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(recipe["seed"])
    generator = torch.Generator().manual_seed(recipe["seed"])

    work = Path(arguments.work) / arguments.name
    work.mkdir(parents=True, exist_ok=True)
    pictures, labels = cifar10.train_set(arguments.data)
    test = cifar10.test_set(arguments.data)
    model = build(recipe["architecture"], 10, {**recipe["model_args"], **recipe["train_args"]})
    layout = torch.channels_last if recipe["channels_last"] else torch.contiguous_format
    model = model.to(memory_format=layout)
    # Norms, biases and gates are not decayed: only what multiplies features is.
    decayed = [p for p in model.parameters() if p.ndim > 1]
    rest = [p for p in model.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": recipe["weight_decay"]}, {"params": rest, "weight_decay": 0.0}]
    optimizer = torch.optim.SGD(groups, lr=recipe["cycles"][0]["rate"], momentum=0.9, nesterov=True)

    per_epoch = len(pictures) // recipe["batch"]
    epochs = sum(cycle["epochs"] for cycle in recipe["cycles"])
    steps = per_epoch * epochs
    start = 0
    checkpoint = work / "checkpoint.pt"
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimizer.load_state_dict(saved["optimizer"])
        generator.set_state(saved["generator"])
        torch.set_rng_state(saved["dropout"])
        start = saved["epoch"]

    for epoch in range(start, epochs):
        model.train()
        began, losses = time.time(), 0.0
        order = torch.randperm(len(pictures), generator=generator)[: per_epoch * recipe["batch"]]
        bar = tqdm(order.split(recipe["batch"]), desc=f"{arguments.name} {epoch + 1}/{epochs}", disable=None)
        for index, chosen in enumerate(bar):
            step = epoch * per_epoch + index
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, per_epoch, recipe)
            temperature = temperature_at(step, steps, recipe)
            if temperature is not None:
                model.update_temperature(temperature)
            crop = cycle_at(step, per_epoch, recipe)[0].get("crop", True)
            x = cifar10.normalize(cifar10.augment(pictures[chosen], generator, crop)).contiguous(memory_format=layout)
            loss = F.cross_entropy(model(x), labels[chosen], label_smoothing=recipe["label_smoothing"])
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            optimizer.step()
            losses += loss.item()
        right = accuracy(model, *test)
        line = {"epoch": epoch + 1, "loss": round(losses / per_epoch, 4), "test_right": right, "seconds": round(time.time() - began)}
        print(json.dumps(line), flush=True)
        with open(work / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")
        torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "generator": generator.get_state(),
                    "dropout": torch.get_rng_state(), "epoch": epoch + 1}, checkpoint)


if __name__ == "__main__":
    main()
