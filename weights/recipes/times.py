#!/usr/bin/env python3
"""Prints the time of a picture's pass in Fovea and in PyTorch, one thread, float32, for model directories.

usage: times.py MODEL_DIR... --fovea EXECUTABLE [--rounds N] [--seconds S]

The least of all passes, taken in turns, so that what else the machine does falls on both alike. Under `chrt -f 10` less of it falls at all.
"""

import argparse
import json
import subprocess
import time
from pathlib import Path

import torch
from safetensors.torch import load_file

from models import build


def in_fovea(fovea, folder, seconds):
    """Milliseconds."""
    command = [fovea, "bench", str(folder), "--batch", "1", "--threads", "1", "--seconds", str(seconds), "--json"]
    return min(row["min_ms"] for row in json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))


def in_pytorch(network, picture, seconds):
    """Milliseconds."""
    least, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        network(picture)
        least = min(least, time.perf_counter() - began)
    return 1000 * least


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="MODEL_DIR")
    parser.add_argument("--fovea", required=True)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0, help="of each round")
    arguments = parser.parse_args()

    torch.set_num_threads(1)
    print("| model | Fovea | PyTorch |\n| --- | --- | --- |")
    for folder in arguments.folders:
        configuration = json.loads((folder / "config.json").read_text())
        network = build(configuration["architecture"], configuration["num_classes"], configuration["model_args"]).eval()
        network.load_state_dict({key: t.float() if t.is_floating_point() else t for key, t in load_file(folder / "model.safetensors").items()})
        picture = torch.randn(1, *configuration["pretrained_cfg"]["input_size"])
        with torch.inference_mode():
            rounds = [(in_fovea(arguments.fovea, folder, arguments.seconds), in_pytorch(network, picture, arguments.seconds)) for _ in range(arguments.rounds)]
        fovea, pytorch = (min(times) for times in zip(*rounds))
        print(f"| `{folder.name}` | {fovea:.2f} ms | {pytorch:.2f} ms |", flush=True)


if __name__ == "__main__":
    main()
