#!/usr/bin/env python3
"""Draws README's figure: a row for each photograph, and over it, a column for each layer, the spatial maps that a running server hands out.

usage: attention.py PICTURE... --out FILE [--server URL] [--model NAME]... [--layers N]

Without --model every model that has a layer with a map over the picture takes its turn. With --layers each shows that many of its layers, from the first
to the last, evenly.
"""

import argparse
import json
import sys
import urllib.error
import urllib.parse
import urllib.request

from PIL import Image, ImageDraw, ImageFont, ImageOps

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


#: Pixels of a tile's side, between tiles, and of a line of text.
SIDE, GAP, LINE = 144, 6, 18


def asked(server, path, body=None):
    """The server's answer; ends the script with what it refused."""
    try:
        with urllib.request.urlopen(urllib.request.Request(f"{server}{path}", body, method="POST" if body else "GET")) as response:
            return json.load(response)
    except urllib.error.HTTPError as error:
        sys.exit(f"{path}: {error.read().decode()}")
    except urllib.error.URLError as error:
        sys.exit(f"{server} does not answer ({error.reason}); start one with make run, or name it with --server")


def spatial(answer, count):
    """The maps over the picture: `count` of them if there are more, from the first to the last."""
    entries = [entry for entry in answer["attention"] if entry["kind"] == "spatial"]
    if not count or count >= len(entries):
        return entries
    return [entries[round(index * (len(entries) - 1) / max(count - 1, 1))] for index in range(count)]


def row(server, path, models, count):
    """The tiles of one picture, and a line of text for each."""
    with open(path, "rb") as file:
        body = file.read()
    picture = ImageOps.exif_transpose(Image.open(path)).convert("RGB")
    tiles, texts = [], []
    for model in models:
        answer = asked(server, f"/classify?map_size=0&model={urllib.parse.quote(model)}", body)
        crop, best = answer["image"]["crop"], answer["predictions"][0]
        tiles.append(picture.crop([round(v) for v in (crop["x"], crop["y"], crop["x"] + crop["width"], crop["y"] + crop["height"])]))
        texts.append(f"{best['label']} {best['probability']:.2f}")
        for entry in spatial(answer, count):
            tiles.append(overlay(picture, crop, entry))
            texts.append(f"{entry['min']:.2f} to {entry['max']:.2f}")
        print(f"{path}: {model} says {best['label']} {best['probability']:.2f}")
    return tiles, texts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", nargs="+", metavar="PICTURE")
    parser.add_argument("--out", required=True)
    parser.add_argument("--server", default="http://127.0.0.1:8080")
    parser.add_argument("--model", action="append")
    parser.add_argument("--layers", type=int, metavar="N", help="of each model; all of them if not told")
    arguments = parser.parse_args()
    models = arguments.model
    if models is None:
        names = [model["name"] for model in asked(arguments.server, "/models")["models"] if model["state"] == "ready"]
        models = [name for name in names
                  if any("spatial" in layer["attention_kinds"] for layer in asked(arguments.server, f"/models/{name}")["layers"])]
    if not models:
        sys.exit("No model of the server has a map over the picture.")

    with open(arguments.pictures[0], "rb") as file:
        first = file.read()
    heads = []
    for model in models:
        answer = asked(arguments.server, f"/classify?map_size=0&model={urllib.parse.quote(model)}", first)
        heads += [model] + [f"{entry['layer']}, {entry['shape'][1]} by {entry['shape'][0]}" for entry in spatial(answer, arguments.layers)]
    height = SIDE + LINE + GAP
    figure = Image.new("RGB", (len(heads) * (SIDE + GAP) - GAP, LINE + len(arguments.pictures) * height - GAP), "white")
    pen, font = ImageDraw.Draw(figure), ImageFont.load_default(11)
    for column, head in enumerate(heads):
        pen.text((column * (SIDE + GAP), 2), head, "black", font)
    for index, path in enumerate(arguments.pictures):
        for column, (tile, text) in enumerate(zip(*row(arguments.server, path, models, arguments.layers))):
            place = (column * (SIDE + GAP), LINE + index * height)
            figure.paste(tile.resize((SIDE, SIDE), Image.BICUBIC), place)
            pen.text((place[0], place[1] + SIDE + 2), text, "black", font)
    figure.save(arguments.out, optimize=True)


if __name__ == "__main__":
    main()
