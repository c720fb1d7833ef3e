#!/usr/bin/env python3
"""Makes what the runtimes read, for one network, in its own process: prepare.py NAME FOLDER BATCH,…

FOLDER/NAME/model      the model directory that Fovea serves: random weights of a fixed seed with the scales of trained ones
FOLDER/NAME/*.png      two pictures; pictures.npy is what PyTorch makes of them, [2, 3, side, side] in float32
FOLDER/NAME/*.onnx     the exported network, a file for each form and batch
FOLDER/NAME/facts.json float64 logits of the two pictures, parameters and arithmetic; written last
"""

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from torch import nn

from forms import create
from networks import AS_WRITTEN, BY_HAND, NETWORKS, export_name

from fixtures import pictures, settle, stir  # of weights/recipes, whose place forms.py made known

SEED = 1
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def stamp(network):
    """Changes when anything that a prepared folder depends on does. Targets and titles do not count."""
    here = Path(__file__).resolve().parent
    recipes = here.parent / "weights" / "recipes"
    sources = [here / "prepare.py", here / "forms.py", here / "se_resnet.py", recipes / "fixtures.py", *sorted((recipes / "models").glob("*.py"))]
    told = repr((replace(network, title="", targets={}, bf16_target=None), torch.__version__))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources) + told.encode()).hexdigest()


def write_pictures(network, generator, folder):
    """Two PNG files of the network's input size, and what preparing them gives: no more than a normalisation."""
    x = pictures(2, network.side, network.side, generator).permute(0, 2, 3, 1).numpy()
    pixels = np.clip((x * STD + MEAN) * 255, 0, 255).round().astype(np.uint8)
    for index, picture in enumerate(pixels):
        Image.fromarray(picture).save(folder / f"picture-{index}.png")
    mean, std = (torch.tensor(values)[:, None, None] for values in (MEAN, STD))
    prepared = (torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255 - mean) / std
    np.save(folder / "pictures.npy", prepared.numpy())
    return prepared


@torch.no_grad()
def random_model(network, seen, generator):
    """The network with weights that keep every activation finite and every gate unsaturated.

    The measured pictures are among those that its norms' statistics are of: a deep network of dynamic convolutions amplifies, layer by
    layer, what its statistics do not fit.
    """
    model = create(network)
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            nn.init.kaiming_normal_(module.weight)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    stir(model)
    settle(model, torch.cat([seen, pictures(6, network.side, network.side, generator)]), generator)
    return model


def count_operations(model, x):
    """Floating-point operations of one picture, two a multiply-add: convolutions directly, a dynamic one as mixing a kernel and convolving once."""
    total, hooks = 0, []

    def count(module, _, output):
        nonlocal total
        if isinstance(module, nn.Conv2d):
            total += 2 * output.numel() * module.weight[0].numel()
        elif isinstance(module, nn.Linear):
            total += 2 * output.numel() * module.in_features
        else:  # ODConv: K kernels are mixed, one is convolved
            total += 2 * output.numel() * module.weight[0, 0].numel() + 2 * module.weight.numel()

    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)) or (hasattr(module, "weight") and module.weight.ndim == 5):
            hooks.append(module.register_forward_hook(count))
    logits = model(x)
    for hook in hooks:
        hook.remove()
    return logits, total


def write_model(network, model, folder):
    folder.mkdir(exist_ok=True)
    save_file({key: value.contiguous() for key, value in model.state_dict().items()}, folder / "model.safetensors", {"format": "pt"})
    config = {
        "architecture": network.architecture,
        "num_classes": network.classes,
        "model_args": network.model_args,
        "pretrained_cfg": {"input_size": [3, network.side, network.side], "crop_pct": 1.0, "mean": MEAN, "std": STD},
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")


@torch.no_grad()
def export(network, state, batches, folder):
    """The ONNX files; the messages of those forms and batches that PyTorch cannot export."""
    failures = {}
    for form in (AS_WRITTEN, BY_HAND) if network.by_hand else (AS_WRITTEN,):
        model = create(network, form)
        model.load_state_dict(state)
        for batch in batches:
            x = torch.zeros(batch, 3, network.side, network.side)
            path = folder / export_name(form, batch)
            try:
                torch.onnx.export(model, (x,), path, dynamo=False, opset_version=17, input_names=["input"], output_names=["logits"])
            except Exception as error:  # an exporter raises whatever it likes; the row says so
                path.unlink(missing_ok=True)
                failures[path.name] = f"export: {type(error).__name__}: {error}".splitlines()[0]
    return failures


@torch.no_grad()
def prepare(name, folder, batches):
    network, folder = NETWORKS[name], folder / name
    facts_path = folder / "facts.json"
    stamped = stamp(network)
    if facts_path.exists():
        facts = json.loads(facts_path.read_text())
        if facts["stamp"] == stamped and set(batches) <= set(facts["batches"]):
            return
        facts_path.unlink()
    folder.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    generator = torch.Generator().manual_seed(SEED)
    x = write_pictures(network, generator, folder)
    model = random_model(network, x, generator)
    write_model(network, model, folder / "model")
    failures = export(network, model.state_dict(), batches, folder) if network.peers else {}
    parameters = sum(value.numel() for value in model.parameters())
    # The reference reads what was stored, and sums in double precision; a picture at a time, to keep memory low.
    model.load_state_dict(load_file(folder / "model" / "model.safetensors"))
    logits, counts = zip(*(count_operations(model.double(), picture[None].double()) for picture in x))
    logits = torch.cat(logits)
    if not logits.isfinite().all():
        raise ValueError(f"{name}: the reference's logits are not finite")
    facts = {
        "stamp": stamped, "batches": batches, "parameters": parameters, "operations": counts[0],
        "logits": logits.tolist(), "export_failures": failures,
    }
    facts_path.write_text(json.dumps(facts))


if __name__ == "__main__":
    prepare(sys.argv[1], Path(sys.argv[2]), [int(batch) for batch in sys.argv[3].split(",")])
