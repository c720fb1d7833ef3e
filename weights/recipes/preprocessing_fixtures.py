"""Writes what the preprocessing tests expect: for each picture the bytes that Pillow, torchvision and timm make of it.

    python weights/recipes/preprocessing_fixtures.py Tests/FoveaVisionTests/Fixtures

Needs Pillow, torch, torchvision, timm and numpy; their versions, and that of Pillow's libjpeg-turbo, are written into `expected.json`.
Pictures named `made__*` are drawn here; the others were copied into `pictures/` (see ORIGIN.md) and are only read.

`expected.json` lists cases; byte strings are slices [offset, count] of `expected.bin`:
  file            the picture, in `pictures/`
  ok              whether Pillow loads it; where it does not, nothing else follows but `error`
  width, height, channels, orientation    of the upright picture
  crc32           of the upright pixels, row-major, channels interleaved
  pixels          the upright pixels themselves (JPEG up to 13,000 bytes of them): another libjpeg-turbo may differ by 1
  outputs         for each preprocessing its settings, `bytes` (HWC after resize and crop) and `values_crc32` (float32, CHW, normalised)
"""

import io
import json
import sys
import warnings
import zlib
from pathlib import Path

import numpy as np
import PIL
import timm
import torch
import torchvision
from PIL import ExifTags, Image, ImageOps, features
from timm.data.transforms_factory import transforms_imagenet_eval

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
INTERPOLATIONS = ["bilinear", "bicubic", "lanczos", "nearest", "box", "hamming"]
MODES = ["center", "squash", "border"]


def drawing(width, height, seed, channels=3):
    """Smooth colours with noise and hard edges: every filter leaves its own trace."""
    generator = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    planes = []
    for channel in range(channels):
        a, b, c = generator.uniform(0.02, 0.6, 3)
        plane = 127 + 90 * np.sin(a * x + b * y + channel) + 60 * (((x * c).astype(int) + (y * a).astype(int)) % 2)
        planes.append(plane + generator.normal(0, 12, (height, width)))
    pixels = np.clip(np.stack(planes, -1), 0, 255).astype(np.uint8)
    return Image.fromarray(pixels[..., 0] if channels == 1 else pixels, {1: "L", 3: "RGB", 4: "CMYK"}[channels])


def oriented(orientation):
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif.tobytes()


def draw(folder):
    """The pictures that are made here, each from a fixed seed."""

    def jpeg(name, picture, **options):
        picture.save(folder / f"made__{name}.jpg", "JPEG", **{"quality": 88, **options})

    def png(name, picture, **options):
        picture.save(folder / f"made__{name}.png", "PNG", **options)

    for name, subsampling in (("444", "4:4:4"), ("422", "4:2:2"), ("420", "4:2:0")):
        jpeg(f"baseline-{name}", drawing(61, 47, 1), subsampling=subsampling)
        jpeg(f"progressive-{name}", drawing(61, 47, 2), subsampling=subsampling, progressive=True)
    jpeg("grey", drawing(53, 31, 3, 1))
    jpeg("grey-progressive", drawing(53, 31, 4, 1), progressive=True)
    jpeg("cmyk", drawing(40, 30, 5, 4))
    jpeg("rgb", drawing(40, 30, 6), keep_rgb=True)
    jpeg("quality-5", drawing(64, 40, 7), quality=5)
    jpeg("restarts", drawing(70, 50, 8), restart_marker_blocks=3)
    jpeg("1x1", drawing(1, 1, 9))
    jpeg("5000x3", drawing(5000, 3, 10), quality=60)
    jpeg("3x5000", drawing(3, 5000, 11), quality=60)
    jpeg("large", drawing(300, 260, 12), quality=70)
    for orientation in range(1, 9):
        jpeg(f"exif-{orientation}", drawing(23, 14, 20), exif=oriented(orientation))
        png(f"exif-{orientation}", drawing(13, 9, 21), exif=oriented(orientation))
    png("1x1", drawing(1, 1, 30))
    png("5000x3", drawing(5000, 3, 31, 1))
    png("3x5000", drawing(3, 5000, 32, 1))
    png("45x37", drawing(45, 37, 33))
    png("17x129", drawing(17, 129, 34))
    png("grey-29x31", drawing(29, 31, 35, 1))
    png("32x32", drawing(32, 32, 36))
    png("200x150", drawing(200, 150, 37).quantize(64, dither=Image.Dither.NONE))
    png("alpha", Image.merge("RGBA", [*drawing(30, 22, 38).split(), drawing(30, 22, 39, 1)]))
    png("grey-alpha", Image.merge("LA", [drawing(30, 22, 40, 1), drawing(30, 22, 41, 1)]))
    png("bilevel", drawing(33, 21, 42, 1).convert("1"))
    ramp = (np.arange(24 * 20, dtype=np.uint32).reshape(20, 24) * 137).astype(np.uint16)
    ramp[:4] //= 256
    png("grey-16-bit", Image.fromarray(ramp))


def settings(name, index):
    """The preprocessings of a picture. Most get one, in turn; a few get them all."""
    plain = {"height": 32, "width": 32, "interpolation": "bilinear", "crop_pct": 0.875, "crop_mode": "center"}
    if name in ("made__45x37.png", "made__17x129.png", "made__grey-29x31.png"):
        for interpolation in INTERPOLATIONS:
            for mode in MODES:
                yield {**plain, "height": 16, "width": 16, "interpolation": interpolation, "crop_mode": mode}
        yield {**plain, "height": 12, "width": 20, "crop_pct": 0.9, "interpolation": "bicubic"}
        yield {**plain, "height": 20, "width": 12, "crop_pct": 1.0, "interpolation": "bicubic"}
        yield {**plain, "height": 20, "width": 12, "crop_pct": 0.95, "crop_mode": "border"}
        for mode in MODES:  # smaller than the input, with a border around it
            yield {**plain, "height": 13, "width": 13, "crop_pct": 1.25, "crop_mode": mode}
            yield {**plain, "height": 12, "width": 19, "crop_pct": 1.6, "crop_mode": mode, "interpolation": "bicubic"}
    elif "5000" in name:
        for interpolation in INTERPOLATIONS:
            yield {**plain, "height": 16, "width": 16, "interpolation": interpolation, "crop_mode": "squash"}
        yield {**plain, "height": 8, "width": 8}
        yield {**plain, "height": 2, "width": 2, "crop_pct": 1.0, "interpolation": "lanczos"}
    elif name in ("made__200x150.png", "made__large.jpg"):
        yield {**plain, "height": 224, "width": 224, "interpolation": "bicubic" if name.endswith("jpg") else "bilinear"}
    elif name == "made__32x32.png":
        yield {**plain, "crop_pct": 1.0}
        yield {**plain, "height": 28, "width": 28}
        yield {**plain, "height": 31, "width": 31, "crop_pct": 0.96}
    else:
        side = [16, 17, 24, 9][index % 4]
        yield {
            **plain,
            "height": side,
            "width": side,
            "interpolation": INTERPOLATIONS[index % 6],
            "crop_mode": MODES[index // 3 % 3],
        }


def expectation(path, index, store):
    case = {"file": path.name}
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            picture = Image.open(io.BytesIO(path.read_bytes()))
            picture.load()
            try:
                upright = ImageOps.exif_transpose(picture)
                orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
            except SyntaxError:  # EXIF data that are none: taken as absent
                upright, orientation = picture, 1
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        return {**case, "ok": False, "error": str(error).split(" <")[0]}
    grey = picture.mode in ("1", "L", "LA", "I;16") or (picture.mode == "RGBA" and path.read_bytes()[25:26] == b"\x04")
    upright, whole = upright.convert("RGB"), upright.convert("L" if grey else "RGB")
    if grey:  # the file's one channel is what RGB repeats
        assert np.array_equal(np.asarray(upright)[..., 0], np.asarray(whole))
    pixels = whole.tobytes()
    case |= {"ok": True, "mode": picture.mode, "width": whole.width, "height": whole.height, "channels": 1 if grey else 3}
    case |= {"orientation": orientation if orientation in range(1, 9) else 1, "crc32": zlib.crc32(pixels)}
    if picture.format in ("JPEG", "MPO"):
        case["pixels"] = store(pixels) if len(pixels) <= 13_000 else None
    case["outputs"] = []
    for setting in settings(path.name, index):
        size = (setting["height"], setting["width"])
        arguments = {"crop_pct": setting["crop_pct"], "crop_mode": setting["crop_mode"], "interpolation": setting["interpolation"]}
        arguments |= {"mean": MEAN, "std": STD}
        try:
            output = transforms_imagenet_eval(size, normalize=False, **arguments)(upright)
        except ValueError:  # a side that timm rounds to 0
            continue
        values = transforms_imagenet_eval(size, **arguments)(upright)
        output = output.permute(1, 2, 0).contiguous().numpy()
        case["outputs"].append(
            {**setting, "bytes": store(output.tobytes()), "values_crc32": zlib.crc32(values.contiguous().numpy().tobytes())}
        )
    return case


def main(folder):
    pictures = folder / "pictures"
    draw(pictures)
    blob = bytearray()

    def store(content):
        blob.extend(content)
        return [len(blob) - len(content), len(content)]

    cases = [expectation(path, index, store) for index, path in enumerate(sorted(pictures.iterdir()))]
    versions = {"pillow": PIL.__version__, "libjpeg_turbo": features.version("libjpeg_turbo"), "torch": torch.__version__}
    versions |= {"torchvision": torchvision.__version__, "timm": timm.__version__}
    (folder / "expected.bin").write_bytes(blob)
    lines = ",\n  ".join(json.dumps(case) for case in cases)
    (folder / "expected.json").write_text(f'{{"versions": {json.dumps(versions)}, "cases": [\n  {lines}\n]}}\n')
    print(f"{len(cases)} pictures, {sum(case['ok'] for case in cases)} of them good; {len(blob)} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
