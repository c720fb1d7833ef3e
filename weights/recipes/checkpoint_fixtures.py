"""Makes the small checkpoints that the tests of FoveaCheckpoints read, with the values they must give.

    python weights/recipes/checkpoint_fixtures.py            # needs torch, safetensors, numpy

Writes Tests/FoveaCheckpointsTests/Fixtures. `expected.json` holds per file the tensors' dtype, shape and values as float32 bit patterns.
"""

import argparse
import collections
import dataclasses
import enum
import functools
import json
import pathlib
import struct
import zipfile

import torch
from safetensors.torch import save_file

from models import build

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "FoveaCheckpointsTests" / "Fixtures"
NAMES = {
    torch.float64: "F64", torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16", torch.int64: "I64", torch.int32: "I32",
    torch.int16: "I16", torch.int8: "I8", torch.uint8: "U8", torch.bool: "BOOL", torch.uint16: "U16", torch.uint32: "U32",
    torch.uint64: "U64",
}


def bits(tensor):
    values = tensor.detach().contiguous()
    # torch has no conversion of its own from the wide unsigned types on every build; numpy rounds to nearest as well.
    values = torch.from_numpy(values.numpy().astype("float32")) if values.dtype in (torch.uint16, torch.uint32, torch.uint64) else values.float()
    return [struct.unpack("<I", struct.pack("<f", value))[0] for value in values.reshape(-1).tolist()]


def every_type():
    generator = torch.Generator().manual_seed(7)
    tensors = {}
    for dtype in (torch.float64, torch.float32, torch.float16, torch.bfloat16):
        tensors[f"{NAMES[dtype].lower()}.weight"] = torch.randn(3, 2, 2, generator=generator, dtype=torch.float64).to(dtype)
    tensors["f16.special"] = torch.tensor([0.0, -0.0, 65504.0, 6e-8, -6.1e-5, float("inf"), float("-inf")], dtype=torch.float16)
    for dtype in (torch.int64, torch.int32, torch.int16, torch.int8):
        limits = torch.iinfo(dtype)
        tensors[f"{NAMES[dtype].lower()}.values"] = torch.tensor([limits.min, -1, 0, 1, 77, limits.max], dtype=dtype)
    tensors["u8.values"] = torch.tensor([[0, 1], [128, 255]], dtype=torch.uint8)
    tensors["bool.mask"] = torch.tensor([True, False, True])
    tensors["bn.num_batches_tracked"] = torch.tensor(1234567, dtype=torch.int64)
    tensors["empty"] = torch.zeros(2, 0, 3)
    return tensors


def unsigned():
    return {
        "u16": torch.tensor([0, 65535], dtype=torch.uint16), "u32": torch.tensor([1, 4294967295], dtype=torch.uint32),
        "u64": torch.tensor([3, 18446744073709551615], dtype=torch.uint64),
    }


def views():
    base = torch.arange(24, dtype=torch.float32)
    return collections.OrderedDict(
        base=base, tail=base[5:11], square=base.view(4, 6), transposed=base.view(4, 6).t(), columns=base.view(4, 6)[:, 1:5:2],
        channels_last=torch.arange(48, dtype=torch.float16).view(2, 3, 2, 4).to(memory_format=torch.channels_last), scalar=base[7],
    )


def negated():
    """Views that only note that their values are to be read with the other sign, as the imaginary part of a conjugate does."""
    values = torch.tensor([[1.0, -2.5, 0.0], [float("inf"), 3e-9, -0.0]])
    view = torch.complex(values, -values).conj().imag
    assert view.is_neg() and torch.equal(view, values)
    return collections.OrderedDict(
        values=values, view=view, transposed=view.t(), tail=view[1, 1:], scalar=view[0, 1], parameter=torch.nn.Parameter(view),
        bf16=torch._neg_view(values.bfloat16()), f64=torch.complex(values.double(), values.double()).conj().imag,
        twice=torch._neg_view(view))


def swap_byte_order(source, target, sizes):
    """What a big-endian machine would have written: the byteorder mark and each storage's elements turned round."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            parts = entry.filename.split("/", 1)[1]
            if parts == "byteorder":
                data = b"big"
            elif parts.startswith("data/"):
                size = sizes[int(parts.removeprefix("data/"))]
                data = b"".join(data[i:i + size][::-1] for i in range(0, len(data), size))
            new.writestr(zipfile.ZipInfo(entry.filename), data)


def parallel_network():
    """A whole network as a training script saves it: `fovea convert` makes a model directory of it."""
    torch.manual_seed(5)
    network = build("resnet18", 2, {"base_width": 2, "stem": "cifar", "layers": [1]})
    state = collections.OrderedDict(("module." + key, value) for key, value in network.state_dict().items())
    # More than float16 can hold.
    state["module.bn1.running_var"][0] = 1e5
    return {"epoch": 3, "state_dict": state}


class Stage(enum.Enum):
    WARM_UP = 1
    DECAY = "decay"


@dataclasses.dataclass
class Settings:
    rate: float = 0.1
    stages: list = dataclasses.field(default_factory=lambda: [Stage.WARM_UP, Stage.DECAY])


class Configuration(dict):
    """As EasyDict and OmegaConf have them: a dictionary whose members are attributes too."""

    def __init__(self, *args, **members):
        super().__init__(*args, **members)
        self.__dict__ = self


class Milestones(list):
    pass


class Point(collections.namedtuple("Point", "x y")):
    def __getnewargs_ex__(self):
        return (self.x,), {"y": self.y}

    def __new__(cls, x, y):
        return super().__new__(cls, x, y)


class Annealing:
    """A scheduler that keeps the functions it anneals by, as torch's OneCycleLR did."""

    class State:
        def __init__(self, step):
            self.step = step

    def __init__(self):
        self.state = Annealing.State(3)
        self.anneal_func = self.linear
        self.scale = functools.partial(Annealing.cosine, 0.5)

    @staticmethod
    def cosine(share):
        return share

    def linear(self, share):
        return share


def training_objects(state):
    """What scripts put beside the weights: objects of their own classes, bound and static methods, settings."""
    annealing = Annealing()
    return {
        "epoch": 7, "scheduler": {"anneal_func": annealing.linear, "cosine": Annealing.cosine, "whole": annealing, "last": [annealing.state]},
        "settings": Settings(), "stage": Stage.DECAY, "config": Configuration(lr=0.1, inner=Configuration(name="tiny")),
        "milestones": Milestones([1, 2]), "kind": Annealing, "none": type(None), "list_of": list[int], "partial": functools.partial(Stage, 1),
        "point": Point(1, 2), "counter": collections.Counter("aab"), "state_dict": state,
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    expected = {}

    def expect(name, tensors):
        expected[name] = {key: {"dtype": NAMES[value.dtype], "shape": list(value.shape), "bits": bits(value)} for key, value in tensors.items()}

    plain = every_type()
    save_file(plain, FOLDER / "types.safetensors", metadata={"format": "pt"})
    expect("types.safetensors", plain)
    save_file(unsigned(), FOLDER / "unsigned.safetensors")
    expect("unsigned.safetensors", unsigned())
    floats = {
        "b.weight": torch.tensor([[1.0, -2.5], [3.25, 1e-3]]), "a.weight": torch.tensor([0.1, 65519.0, 1e-7]).half(),
        "c \"quoted\" é": torch.tensor(0.3).bfloat16(), "a.bias": torch.tensor([0.5, 2.0]), "none": torch.zeros(0, 4),
    }
    save_file(floats, FOLDER / "writer.safetensors", metadata={"format": "pt"})
    expect("writer.safetensors", floats)

    first, second = {"a": torch.arange(3.0), "b": torch.ones(2, 2)}, {"c": torch.tensor(4.0)}
    for folder, whole, write, prefix in (
        ("sharded", "model.safetensors", save_file, ""), ("sharded-torch", "pytorch_model.bin", torch.save, "module."),
    ):
        (FOLDER / folder).mkdir(exist_ok=True)
        stem, suffix = whole.split(".")
        places = {}
        for number, part in enumerate((first, second), 1):
            shard = f"{stem}-{number:05d}-of-00002.{suffix}"
            write({prefix + key: value for key, value in part.items()}, FOLDER / folder / shard)
            places |= {prefix + key: shard for key in part}
        index = {"metadata": {"total_size": 32}, "weight_map": places}
        (FOLDER / folder / f"{whole}.index.json").write_text(json.dumps(index, indent=2))
        expect(folder, {**first, **second})

    def save(name, data, tensors, **options):
        torch.save(data, FOLDER / name, **options)
        expect(name, tensors)

    save("types.pth", plain, plain)
    save("protocol4.pt", collections.OrderedDict(plain), plain, pickle_protocol=4)
    save("unsigned.pt", unsigned(), unsigned())
    save("views.pth", views(), views())
    save("negated.pth", negated(), {key: value.resolve_neg() for key, value in negated().items()})
    swap_byte_order(FOLDER / "types.pth", FOLDER / "big_endian.pth", [value.element_size() for value in plain.values()])
    expect("big_endian.pth", plain)

    torch.manual_seed(3)
    network = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 1, bias=False), torch.nn.BatchNorm2d(3))
    state = network.state_dict()
    save("module.pth", state, state)
    save("parameters.pth", dict(network.named_parameters()), dict(network.named_parameters()))
    parallel = collections.OrderedDict(("module." + key, value) for key, value in state.items())
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    network(torch.randn(1, 2, 3, 3)).sum().backward()
    optimizer.step()
    save("training.pth", {
        "epoch": 12, "arch": "tiny", "best": 0.5, "big": 1 << 80, "note": None, "sizes": torch.Size([1, 2]), "type": torch.float16,
        "device": torch.device("cpu"), "args": argparse.Namespace(rate=0.1, steps=[1, 2]), "raw": b"\x00\xff", "tags": {"a", "b"},
        "optimizer": optimizer.state_dict(), "state_dict": parallel}, state)
    objects = training_objects({"a": torch.arange(3.0)})
    save("objects.pth", objects, objects["state_dict"])
    save("objects_protocol4.pth", objects, objects["state_dict"], pickle_protocol=4)
    torch.save({"state_dict": {"a": torch.zeros(1), "stage": Stage.DECAY}}, FOLDER / "object_in_state.pth")
    torch.save(Configuration(a=torch.zeros(1)), FOLDER / "object_as_state.pth")
    ema = torch.optim.swa_utils.AveragedModel(network)
    save("ema.pth", {"model": {"wrong": torch.zeros(1)}, "model_ema": ema.state_dict()}, network.state_dict())
    save("nested.pth", {"model": {"state_dict": parallel, "epoch": 1}}, state)
    save_file({"_orig_mod." + key: value for key, value in parallel.items()} | {"n_averaged": torch.tensor(2)}, FOLDER / "parallel.safetensors")
    expect("parallel.safetensors", state)

    torch.save(plain, FOLDER / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save(network, FOLDER / "whole_module.pth")
    torch.jit.save(torch.jit.script(torch.nn.Linear(1, 1)), str(FOLDER / "torchscript.pt"))
    torch.save({"a": torch.zeros(1).expand(1000)}, FOLDER / "expanded.pth")
    torch.save({"a": torch.zeros(2, dtype=torch.complex64)}, FOLDER / "complex.pth")
    torch.save({"a": torch.eye(3).to_sparse()}, FOLDER / "sparse.pth")
    torch.save({"generator": {"a": torch.zeros(1)}, "epoch": 3}, FOLDER / "unknown_wrapper.pth")
    torch.save({"a": torch.zeros(1), "epoch": 3}, FOLDER / "mixed.pth")
    torch.save([torch.zeros(1)], FOLDER / "list.pth")
    torch.save(parallel_network(), FOLDER / "network.pth")
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=None, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
