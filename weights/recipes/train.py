#!/usr/bin/env python3
"""Trains shipped models on CIFAR-10.

usage: train.py NAME... --data FOLDER     one model or some
       train.py compared --data FOLDER    every model of the comparison
       train.py all --data FOLDER         every model

Schedule: SGD with Nesterov momentum 0.9 and weight decay; the rate rises linearly, then falls as a cosine, once or more. Each epoch ends in a
checkpoint under --work, from which the next start goes on, to the same numbers as if it had not stopped. `export.py` turns the last one into a
model directory. Several models are trained one after the other, or --parallel of them side by side.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from recipes import COMPARED, RECIPES, from_scratch, with_epochs
from schedule import cycle_at, epochs_of, rate_at, temperature_at

#: Where threads wait by sleeping, two runs side by side do not take each other's time.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


#: Where the weights lie that a recipe starts from.
SHIPPED = Path(__file__).resolve().parent.parent


def fix(seed):
    import torch

    torch.manual_seed(seed)  # every device's
    return torch.Generator().manual_seed(seed)


def soften(model):
    """Starts the blocks that would hide their input: a LocalAttention's gates nearly open, a generated kernel, all of whose weights are
    positive, nearly zero beside the stored one, the convolution before a self-calibrated one's gate as the identity, a selective kernel's branches
    two deviations above their ReLU's threshold, and what a double attention adds as nothing."""
    import torch
    from models.double_attention import DoubleAttention
    from models.dynamic_conv import DynamicConvAttention
    from models.local_attention import LocalAttention
    from models.selective_kernel import SKConv
    from models.self_calibrated import SCConv

    for module in model.modules():
        if isinstance(module, LocalAttention):
            module.open_gates()
        elif isinstance(module, DynamicConvAttention):
            module.attention[-2].bias.data.fill_(-5.0)
        elif isinstance(module, SCConv):
            torch.nn.init.dirac_(module.k3[0].weight)
        elif isinstance(module, SKConv):
            for _, norm, _ in module.convs:
                norm.bias.data.fill_(2.0)
        elif isinstance(module, DoubleAttention) and module.residual and module.reconstruct:
            torch.nn.init.zeros_(module.conv_reconstruct.weight)
            torch.nn.init.zeros_(module.conv_reconstruct.bias)


def counterparts(model, names):
    """The names that a plain network's parameters have in one with a block: VGG counts its layers through, gates too, and a convolution that is part of a
    block is told by the block."""
    from models.dynamic_conv import DynamicConvAttention
    from models.local_attention import LocalAttention
    from models.self_calibrated import SCConv

    kept = [name for name, layer in getattr(model, "features", model).named_children() if not isinstance(layer, LocalAttention)]
    inner = {DynamicConvAttention: ".base_conv", SCConv: ".k4.0"}
    blocks = {name: inner[type(module)] for name, module in model.named_modules() if type(module) in inner}
    told = {}
    for name in names:
        layer, _, parameter = name.rpartition(".")
        if layer.startswith("features."):
            layer = f"features.{kept[int(layer.split('.')[1])]}"
        told[name] = f"{layer}{blocks.get(layer, '')}.{parameter}"
    return told


def inherit(model, folder):
    """Takes over from a model directory's weights what the model has too, in the same place and shape; returns the names of what it has not.

    Several kernels where the other has one start as that one, each with noise of half its deviation, from which they part. A selective kernel's
    branches start as it too, the larger ones with zeros around it.
    """
    import torch
    from models.selective_kernel import SKConv
    from safetensors.torch import load_file

    given, own = load_file(folder / "model.safetensors"), model.state_dict()
    given = {name: given[old] for old, name in counterparts(model, given).items()}
    for name, value in list(given.items()):
        if name in own and own[name].shape[1:] == value.shape and value.ndim == 4:
            value = value.float()
            given[name] = value + 0.5 * value.std() * torch.randn(own[name].shape)
    for name, module in model.named_modules():
        if isinstance(module, SKConv) and (kernel := given.get(f"{name}.weight")) is not None:
            given.update({f"{name}.convs.{i}.0.weight": torch.nn.functional.pad(kernel, [i] * 4) for i in range(len(module.convs))})
    shared = {name: value for name, value in given.items() if name in own and own[name].shape == value.shape}
    model.load_state_dict({**own, **shared})
    return sorted(own.keys() - shared.keys())


class Run:
    """One model's training: what a checkpoint keeps, and the steps of an epoch."""

    def __init__(self, name, recipe, pictures, labels, work, device="cpu", compiled=False, precision=None):
        import torch
        from models import build

        self.name, self.recipe, self.device = name, recipe, torch.device(device)
        self.work = Path(work) / name
        self.work.mkdir(parents=True, exist_ok=True)
        self.generator = fix(recipe["seed"])
        self.pictures, self.labels = pictures.to(self.device), labels.to(self.device)
        self.layout = torch.channels_last if recipe["channels_last"] or self.device.type == "cuda" else torch.contiguous_format
        self.model = build(recipe["architecture"], 10, {**recipe["model_args"], **recipe["train_args"]})
        if recipe["model_args"].get("attention"):
            soften(self.model)
        if start := recipe.get("start"):
            inherit(self.model, SHIPPED / start)
        if self.device.type == "cpu" and recipe["channels_last"]:
            from faster import quicken

            quicken(self.model)
        self.model = self.model.to(self.device)
        for module in self.model.modules():
            # Kernels in stacks have five dimensions, which that layout does not know.
            if isinstance(module, torch.nn.Conv2d):
                module.to(memory_format=self.layout)
        # What is compiled shares its parameters with the model, under other names.
        self.forward = torch.compile(self.model) if compiled else self.model
        # What layers compute; parameters, gradients and the loss are float32 in both.
        self.in_bfloat16 = (precision or ("bfloat16" if self.device.type == "cuda" else "float32")) == "bfloat16"
        # Norms, biases and gates are not decayed: only what multiplies features is.
        decayed = [p for p in self.model.parameters() if p.ndim > 1]
        rest = [p for p in self.model.parameters() if p.ndim <= 1]
        groups = [{"params": decayed, "weight_decay": recipe["weight_decay"]}, {"params": rest, "weight_decay": 0.0}]
        self.optimizer = torch.optim.SGD(groups, lr=recipe["cycles"][0]["rate"], momentum=0.9, nesterov=True)
        self.per_epoch = len(pictures) // recipe["batch"]
        self.epochs = epochs_of(recipe)
        self.epoch = 0
        self._resume()

    @property
    def checkpoint(self):
        return self.work / "checkpoint.pt"

    def _resume(self):
        import torch

        if not self.checkpoint.exists():
            return
        saved = torch.load(self.checkpoint, map_location=self.device)
        if saved.get("recipe", self.recipe) != self.recipe:
            raise SystemExit(f"{self.checkpoint} was made by another recipe or with other --epochs; name another --work, or remove it.")
        self.model.load_state_dict(saved["model"])
        self.optimizer.load_state_dict(saved["optimizer"])
        self.generator.set_state(saved["generator"].cpu())
        torch.set_rng_state(saved["dropout"].cpu())
        if self.device.type == "cuda" and "cuda" in saved:
            torch.cuda.set_rng_state(saved["cuda"].cpu(), self.device)
        self.epoch = saved["epoch"]

    def save(self):
        """Whole or not at all: a stop while it is written leaves the checkpoint before it."""
        import torch

        state = {"recipe": self.recipe, "precision": "bfloat16" if self.in_bfloat16 else "float32", "model": self.model.state_dict(),
                 "optimizer": self.optimizer.state_dict(), "epoch": self.epoch,
                 "generator": self.generator.get_state(), "dropout": torch.get_rng_state()}
        if self.device.type == "cuda":
            state["cuda"] = torch.cuda.get_rng_state(self.device)
        part = self.checkpoint.with_suffix(".part")
        torch.save(state, part)
        part.replace(self.checkpoint)

    def step(self, index, chosen):
        """One batch; returns its loss, still on the device."""
        import cifar10
        import torch
        import torch.nn.functional as F

        step = self.epoch * self.per_epoch + index
        for group in self.optimizer.param_groups:
            group["lr"] = rate_at(step, self.per_epoch, self.recipe)
        temperature = temperature_at(step, self.per_epoch * self.epochs, self.recipe)
        if temperature is not None:
            self.model.update_temperature(temperature)
        crop = cycle_at(step, self.per_epoch, self.recipe)[0].get("crop", True)
        chosen = chosen.to(self.device)
        x = cifar10.normalize(cifar10.augment(self.pictures[chosen], self.generator, crop)).contiguous(memory_format=self.layout)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.in_bfloat16):
            scores = self.forward(x)
        loss = F.cross_entropy(scores.float(), self.labels[chosen], label_smoothing=self.recipe["label_smoothing"])
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()
        return loss.detach()

    def train_epoch(self, position=0):
        """One epoch and its checkpoint; returns the mean loss."""
        import torch
        from tqdm import tqdm

        self.model.train()
        batch = self.recipe["batch"]
        order = torch.randperm(len(self.pictures), generator=self.generator)[: self.per_epoch * batch]
        bar = tqdm(order.split(batch), desc=f"{self.name} {self.epoch + 1}/{self.epochs}", disable=None, position=position, leave=False)
        losses = torch.zeros((), device=self.device)
        for index, chosen in enumerate(bar):
            losses += self.step(index, chosen)
        self.epoch += 1
        self.save()
        return losses.item() / self.per_epoch


def accuracy(model, pictures, labels, device="cpu"):
    """How many of the pictures the model, in evaluation mode and float32, labels rightly."""
    import cifar10
    import torch

    model.eval()
    right = 0
    with torch.no_grad():
        for x, y in zip(pictures.split(250), labels.split(250)):
            right += (model(cifar10.normalize(x.to(device))).argmax(1).cpu() == y).sum().item()
    return right


def train(name, arguments):
    """Trains one model to the end of its schedule, from its checkpoint if there is one."""
    import cifar10
    import torch

    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    recipe = with_epochs(RECIPES[name], arguments.epochs)
    if arguments.from_scratch:
        recipe = from_scratch(recipe)
    if arguments.seed is not None:
        recipe = {**recipe, "seed": arguments.seed}
    test = cifar10.test_set(arguments.data)
    run = Run(name, recipe, *cifar10.train_set(arguments.data), arguments.work, arguments.device, arguments.compile, arguments.precision)
    while run.epoch < run.epochs:
        began, used = time.time(), time.process_time()
        loss = run.train_epoch(arguments.position)
        line = {"epoch": run.epoch, "loss": round(loss, 4)}
        if run.epoch % arguments.test_every == 0 or run.epoch == run.epochs:
            line["test_right"] = accuracy(run.model, *test, run.device)
        line.update(seconds=round(time.time() - began), cpu_seconds=round(time.process_time() - used))
        print(json.dumps({"model": name, **line}), flush=True)
        with open(run.work / "log.jsonl", "a") as log:
            log.write(json.dumps(line) + "\n")


def train_several(names, arguments):
    """A process for each model, so many at a time; returns how many failed."""
    options = [word for key in ("data", "work", "threads", "epochs", "seed", "device", "precision", "test_every")
               if (value := getattr(arguments, key)) is not None for word in (f"--{key.replace('_', '-')}", str(value))]
    options += [word for word, told in (("--compile", arguments.compile), ("--from-scratch", arguments.from_scratch)) if told]
    waiting, slots, failed = list(names), [None] * min(arguments.parallel, len(names)), 0
    while waiting or any(slots):
        for slot, process in enumerate(slots):
            if process is not None and process.poll() is not None:
                failed += process.returncode != 0
                slots[slot] = process = None
            if process is None and waiting:
                slots[slot] = subprocess.Popen([sys.executable, __file__, waiting.pop(0), *options, "--position", str(slot)])
        time.sleep(0.5)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="NAME", choices=[*RECIPES, "compared", "all"])
    parser.add_argument("--data", required=True, help="folder of CIFAR-10's binary files")
    parser.add_argument("--work", default="runs", help="where checkpoints and the logs go")
    parser.add_argument("--epochs", type=int, help="length of the compared models' schedule; compare only models of the same")
    parser.add_argument("--from-scratch", action="store_true", help="do not start from another network's weights where the recipe does")
    parser.add_argument("--seed", type=int, help="instead of the recipe's; take another --work for it")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    parser.add_argument("--precision", choices=("float32", "bfloat16"),
                        help="what layers compute in where that loses nothing; bfloat16 on cuda, float32 on a CPU, some of which are faster in bfloat16")
    parser.add_argument("--compile", action="store_true", help="let torch.compile make kernels of the model first")
    parser.add_argument("--test-every", type=int, default=1, metavar="N",
                        help="look at the test pictures after every Nth epoch and the last; it changes no weight and takes a tenth of a CPU's time")
    parser.add_argument("--threads", type=int)
    parser.add_argument("--parallel", type=int, default=1, help="models that are trained side by side")
    parser.add_argument("--position", type=int, default=0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.epochs is not None and arguments.epochs < 1 or arguments.parallel < 1 or arguments.test_every < 1:
        parser.error("--epochs, --parallel and --test-every must be at least 1")
    groups = {"compared": COMPARED, "all": RECIPES}
    names = list(dict.fromkeys(name for given in arguments.names for name in groups.get(given, [given])))
    if len(names) == 1:
        train(names[0], arguments)
    else:
        sys.exit(1 if train_several(names, arguments) else 0)


if __name__ == "__main__":
    main()
