#!/usr/bin/env python3
"""Draws README's figure: a photograph and, over it, the spatial maps that a running server hands out.

usage: attention.py PICTURE OUT [--server URL] [--model NAME]
"""

import argparse
import json
import urllib.request

from PIL import Image, ImageOps

#: Control points of viridis, dark to bright.
VIRIDIS = [(68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37)]


def colour(value):
    """A colour for a value from 0 to 1."""
    place = min(max(value, 0.0), 1.0) * (len(VIRIDIS) - 1)
    low = min(int(place), len(VIRIDIS) - 2)
    return tuple(round(a + (b - a) * (place - low)) for a, b in zip(VIRIDIS[low], VIRIDIS[low + 1]))


def overlay(picture, crop, entry):
    """The picture with one map laid on the rectangle that the network saw, scaled from its own least to its own greatest value."""
    height, width = entry["shape"]
    spread = max(entry["max"] - entry["min"], 1e-9)
    heat = Image.new("RGB", (width, height))
    heat.putdata([colour((value - entry["min"]) / spread) for value in entry["values"]])
    box = [round(crop["x"]), round(crop["y"]), round(crop["x"] + crop["width"]), round(crop["y"] + crop["height"])]
    seen = picture.crop(box)
    heat = heat.resize(seen.size, Image.BICUBIC)
    return Image.blend(ImageOps.grayscale(seen).convert("RGB"), heat, 0.6)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture")
    parser.add_argument("out")
    parser.add_argument("--server", default="http://127.0.0.1:8080")
    parser.add_argument("--model", default="vgg16-local-cifar10")
    arguments = parser.parse_args()
    with open(arguments.picture, "rb") as file:
        request = urllib.request.Request(f"{arguments.server}/classify?model={arguments.model}&map_size=0", file.read(), method="POST")
    with urllib.request.urlopen(request) as response:
        answer = json.load(response)
    picture = ImageOps.exif_transpose(Image.open(arguments.picture)).convert("RGB")
    crop = answer["image"]["crop"]
    maps = [entry for entry in answer["attention"] if entry["kind"] == "spatial"]
    box = [round(crop["x"]), round(crop["y"]), round(crop["x"] + crop["width"]), round(crop["y"] + crop["height"])]
    tiles = [picture.crop(box)] + [overlay(picture, crop, entry) for entry in maps]
    side, gap = 200, 8
    figure = Image.new("RGB", (len(tiles) * (side + gap) - gap, side), "white")
    for index, tile in enumerate(tiles):
        figure.paste(tile.resize((side, side), Image.BICUBIC), (index * (side + gap), 0))
    figure.save(arguments.out)
    best = answer["predictions"][0]
    print(f"{best['label']} {best['probability']:.3f}; maps of {', '.join(entry['layer'] for entry in maps)}")


if __name__ == "__main__":
    main()
