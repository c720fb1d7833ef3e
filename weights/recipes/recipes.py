"""What each shipped model is and how it was trained. Needs no PyTorch."""

#: The first model, with a schedule of its own; it is not compared with any other.
FIRST = {
    "vgg16-local-cifar10": {
        "about": "VGG16 at a quarter of its width with a LocalAttention (a channel gate times a spatial gate) before each pooling.",
        "architecture": "vgg16_with_attention",
        "model_args": {"width": 0.25, "hidden": 256, "pool": 1, "reduction_ratio": 8},
        "train_args": {"normalize": True, "dropout": 0.1},
        # Small tensors in float16 too cost a picture of the 10,000.
        "stored": "large",
        "cycles": [{"epochs": 24, "rate": 0.08, "warm_up": 0.15}, {"epochs": 8, "rate": 0.04, "warm_up": 0.05}],
        "batch": 128, "weight_decay": 5e-4, "label_smoothing": 0.05, "channels_last": True,
        "seed": 1,
    },
}

#: The schedules of the comparisons, one for all networks of a kind, unless `train.py --epochs` sets another length for all of them. The networks with a
#: block start from the plain one's weights where they have the same layers, and so does a plain one, the `further` network, which tells what the epochs alone
#: do. Where a block leaves the plain network's layers no meaning a few epochs only begin, so that split attention is trained as long as the plain network,
#: from nothing. VGG16 at 3/16 of its width reached 85.8 % on 24 epochs of an earlier schedule,
#: so that it gets more width and epochs, smaller batches and less smoothing here; the plain one reached 87.57 % on 32 epochs of this one, 87.98 % on 48 and 88.41 % on 64.
#: An epoch costs a fourth of the ResNet's. The `further` VGGs were trained for six epochs at 0.03 first, which took the plain one down to 87.61 %: too fast a start for a trained network.
SCHEDULES = {
    "resnet20": {"cycles": [{"epochs": 20, "rate": 0.15, "warm_up": 0.15}], "batch": 128, "label_smoothing": 0.1},
    "resnet20-further": {"start": "resnet20-cifar10", "cycles": [{"epochs": 3, "rate": 0.05, "warm_up": 0.15}], "batch": 128, "label_smoothing": 0.1},
    "vgg16": {"cycles": [{"epochs": 64, "rate": 0.08, "warm_up": 0.15}], "batch": 64, "label_smoothing": 0.05},
    "vgg16-further": {"start": "vgg16-narrow-cifar10", "cycles": [{"epochs": 4, "rate": 0.01, "warm_up": 0.15}], "batch": 64, "label_smoothing": 0.05},
}


def compared(kind, about, architecture, model_args, cooling=None, **train_args):
    """A model of the comparison: one schedule, batch and seed for all of its kind, so that what differs is the attention."""
    recipe = {
        "about": about, "architecture": architecture, "model_args": model_args, "train_args": train_args, "stored": "smallest",
        **SCHEDULES[kind], "weight_decay": 5e-4, "channels_last": True, "seed": 1,
    }
    # Fixed part of each: the attentions of DYConv and ODConv start nearly even and cool down over the first half.
    return recipe if cooling is None else {**recipe, "cooling": {"from": cooling, "part": 0.5}}


def _resnet20(about, attention=None, cooling=None, kind="resnet20-further", **attention_args):
    model_args = {"layers": [3, 3, 3], "base_width": 24, "stem": "cifar"}
    if attention:
        model_args["attention"] = attention
    if attention_args:
        model_args["attention_args"] = attention_args
    return compared(kind, f"ResNet-20 (three stages of three blocks, 24, 48 and 96 channels) {about}.", "resnet18", model_args, cooling)


def _resnet18(about, architecture, cooling=None, **model_args):
    about = f"ResNet-18 with the CIFAR stem and 16 base channels, {about}."
    return compared("resnet20", about, architecture, {"base_width": 16, **model_args}, cooling)


def _vgg16(about, attention=None, kind="vgg16-further", **attention_args):
    model_args = {"width": 7 / 32, "hidden": 192, "pool": 1}
    if attention:
        model_args["attention"] = attention
    if attention_args:
        model_args["attention_args"] = attention_args
    return compared(kind, f"VGG16 with batch norms at 7/32 of its width {about}.", "vgg16_bn", model_args, dropout=0.0)


COMPARED = {
    "resnet18-narrow-cifar10": _resnet18("without attention", "resnet18", stem="cifar"),
    # float16 costs two of the 10,000 pictures, and float32 is 11 MB.
    "odresnet-cifar10": {
        **_resnet18("every convolution of its blocks an ODConv with four kernels", "odresnet18", cooling=10.0, kernel_num=4, reduction=0.0625, temperature=1.0),
        "stored": "float16"},
    "resnet20-cifar10": _resnet20("without attention", kind="resnet20"),
    "resnet20-further-cifar10": _resnet20("without attention"),
    "resnet20-se-cifar10": _resnet20("with squeeze and excitation on each residual branch", "se", reduction=4),
    "resnet20-odconv-cifar10": _resnet20("with ODConv, four kernels, as each block's second convolution", "odconv", 10.0, kernel_num=4, temperature=1),
    "resnet20-dyconv-cifar10": _resnet20("with DYConv, four kernels, as each block's second convolution", "dyconv", 31.0, K=4, bias=False, temperature=1),
    "resnet20-cbam-cifar10": _resnet20("with CBAM on each residual branch", "cbam", ratio=4, kernel_size=7),
    "vgg16-narrow-cifar10": _vgg16("without attention", kind="vgg16"),
    "vgg16-narrow-further-cifar10": _vgg16("without attention"),
    "vgg16-narrow-local-cifar10": _vgg16("with a LocalAttention before each pooling", "local", reduction_ratio=14),
    # float16 costs one of the 10,000 pictures, and float32 is 12 MB.
    "vgg16-narrow-dynamic-cifar10": {
        **_vgg16("with a generated kernel beside the last convolution of each block", "dynamic", reduction_ratio=14), "stored": "float16"},
    "resnet20-sge-cifar10": _resnet20("with spatial group-wise enhance on each residual branch", "sge", groups=8),
    "resnet20-scse-cifar10": _resnet20("with concurrent spatial and channel squeeze and excitation on each residual branch", "scse"),
    "resnet20-sk-cifar10": _resnet20("with a selective kernel (3×3 and 5×5) as each block's second convolution", "sk", M=2, G=1, r=2, L=8),
    "resnet20-sc-cifar10": _resnet20("with a self-calibrated convolution as each block's second one", "sc", pooling_r=4),
    "resnet20-splat-cifar10": _resnet20("with split attention as each block's second convolution", "splat", kind="resnet20", radix=2, norm_layer="BatchNorm2d"),
    "resnet20-a2-cifar10": _resnet20("with A² double attention beside each residual branch", "a2", residual=True),
}

RECIPES = {**FIRST, **COMPARED}


def from_scratch(recipe):
    """The recipe without the weights of another network to start from."""
    return {key: value for key, value in recipe.items() if key != "start"}


def with_epochs(recipe, epochs):
    """The recipe with another length of its schedule; one of several cycles keeps its own."""
    if epochs is None:
        return recipe
    if len(recipe["cycles"]) > 1:
        raise ValueError("--epochs is for the compared models: this one's schedule has cycles of their own lengths")
    return {**recipe, "cycles": [{**recipe["cycles"][0], "epochs": epochs}]}
