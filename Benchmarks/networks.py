"""What is measured: the networks, and the targets that Fovea sets itself on each.

Imports nothing heavy: the process that drives a run must stay small, because the peak memory that the system reports for a child
begins at what its parent held.
"""

from dataclasses import dataclass, field

#: A network is measured in the form of weights/recipes, and in that of a user who knows it (`forms.py`).
AS_WRITTEN, BY_HAND = "as written", "by hand"

#: Combinations of threads and batch in the order of the tables' columns.
COMBINATIONS = ((1, 1), (1, 8), (2, 1), (2, 8))


@dataclass(frozen=True)
class Network:
    """One network of the tables; `architecture` and `model_args` are those of its `config.json`."""

    title: str
    architecture: str
    side: int
    classes: int = 1000
    model_args: dict = field(default_factory=dict)
    #: The least ratio of the best float32 peer's time to ours, by (threads, batch).
    targets: dict = field(default_factory=dict)
    #: The least ratio of OpenVINO's time, as it comes, to ours with weights of half the bytes.
    bf16_target: float | None = None
    #: Whether the peers are measured on it too.
    peers: bool = True
    #: What that user would rewrite for the peers; none where nothing is to be gained.
    by_hand: str | None = None


def export_name(form, batch):
    """The file of an exported form: with a free batch, dynamic convolutions cannot be exported."""
    return f"{form.replace(' ', '-')}-{batch}.onnx"


def _ratios(*values):
    return dict(zip(COMBINATIONS, values))


def _gated(architecture, attention):
    arguments = {"attention": attention} if attention else {}
    title = f"{'ResNet-' + architecture[6:]}{' + ' + attention if attention else ''}"
    return Network(title, architecture, 224, model_args=arguments, peers=False)


GATES = ("se", "cbam", "scse", "sge")

NETWORKS = {
    "vgg16": Network("VGG16", "vgg16", 224),
    "vgg16-local": Network(
        "VGG16 + LocalAttention", "vgg16_with_attention", 224, targets=_ratios(2.2, 2.5, 1.9, 2.4), bf16_target=1.1),
    "vgg16-dynamic": Network(
        "VGG16 + dynamic attention", "vgg16_with_dynamic_conv", 224, targets=_ratios(2.4, 2.9, 2.0, 2.7), bf16_target=1.3,
        by_hand="base and generated kernel added, one convolution"),
    "odresnet18": Network(
        "ODResNet-18, 4 kernels", "odresnet18", 32, classes=10, targets=_ratios(2.5, 6, 2.0, 6), bf16_target=2.5,
        by_hand="every kernel's outputs mixed, not the kernels, where the maps are small"),
    "resnet18-cifar": Network(
        "ResNet-18, CIFAR stem", "resnet18", 32, classes=10, model_args={"stem": "cifar"}, targets=_ratios(1.6, 1.8, 1.3, 1.7)),
    "seresnet50": Network("SE-ResNet-50", "seresnet50", 224, targets=_ratios(1.25, 1.3, 1.25, 1.3)),
    **{
        f"{architecture}{'-' + attention if attention else ''}": _gated(architecture, attention)
        for architecture in ("resnet18", "resnet50")
        for attention in (None, *GATES)
    },
}


@dataclass(frozen=True)
class Limit:
    """The most that attention may cost: time with it by time without, at batch 1 in each precision, and at batch 8."""

    f32: float
    bf16: float
    batch8: float

    def at(self, precision, batch):
        return self.batch8 if batch > 1 else self.f32 if precision == "f32" else self.bf16


#: By the network without attention: those with it, and what they may cost.
FAMILIES = {
    "vgg16": {"vgg16-local": Limit(1.05, 1.05, 1.05), "vgg16-dynamic": Limit(1.55, 1.4, 1.25)},
    "resnet18-cifar": {"odresnet18": Limit(3.5, 2.3, 1.8)},
    **{base: {f"{base}-{gate}": Limit(1.08, 1.08, 1.08) for gate in GATES} for base in ("resnet18", "resnet50")},
}
