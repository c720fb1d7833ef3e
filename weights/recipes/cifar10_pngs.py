#!/usr/bin/env python3
"""Writes CIFAR-10's test pictures as PNG files, FOLDER/<label>/<number>.png, for `fovea classify` to measure an accuracy on.

usage: cifar10_pngs.py --data FOLDER --out FOLDER
"""

import argparse
from pathlib import Path

from PIL import Image

import cifar10


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", required=True, help="folder of CIFAR-10's binary files")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    pictures, labels = cifar10.test_set(arguments.data)
    for label in cifar10.LABELS:
        (Path(arguments.out) / label).mkdir(parents=True, exist_ok=True)
    for number, (picture, label) in enumerate(zip(pictures, labels)):
        path = Path(arguments.out) / cifar10.LABELS[label] / f"{number:05d}.png"
        Image.fromarray(picture.permute(1, 2, 0).numpy()).save(path)


if __name__ == "__main__":
    main()
