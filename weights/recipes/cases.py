"""The parity fixtures: small instances of each network and block, over the paths of their parameters."""

import torch

from models.deformable import DeformConv
from models.dyconv import DYConv2d
from models.dynamic_conv import DynamicConvAttention
from models.odconv import ODConv2d
from models.selective_kernel import SKConv
from models.self_calibrated import SCConv
from models.split_attention import SplitAttn

CASES = {
    # LocalAttention in VGG16.
    "vgg16-local": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.05, "hidden": 16, "pool": 1, "reduction_ratio": 2}, "dtype": torch.float16, "seed": 1},
    "vgg16-local-pool7": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.03125, "hidden": 8, "reduction_ratio": 2}, "input": (40, 33), "classes": 7, "seed": 2},
    "vgg16-local-odd": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.05, "hidden": 12, "pool": 2, "reduction_ratio": 3}, "input": (47, 33), "classes": 5, "dtype": torch.float16, "seed": 3},
    # Generated kernels in VGG16, and the same network without them.
    "vgg16-dynamic": {"architecture": "vgg16_with_dynamic_conv", "model_args": {"width": 0.032, "hidden": 10, "pool": 2, "reduction_ratio": 2}, "input": (47, 33), "classes": 5, "dtype": torch.float16, "seed": 51},
    "vgg16-dynamic-off": {"architecture": "vgg16_with_dynamic_conv", "model_args": {"use_dynamic_conv": False, "width": 0.032, "hidden": 8, "pool": 1}, "input": (40, 33), "classes": 7, "dtype": torch.float16, "seed": 53},
    "dynamic-vgg": {"architecture": "vgg11", "model_args": {"width": 0.02, "hidden": 8, "pool": 1, "attention": "dynamic", "attention_args": {"reduction_ratio": 1}}, "input": (32, 33), "classes": 3, "dtype": torch.float16, "seed": 54},
    # ODConv in ResNet.
    "odresnet18": {"architecture": "odresnet18", "model_args": {"base_width": 2, "layers": [2, 2, 2, 1]}, "dtype": torch.float16, "seed": 5},
    "odresnet18-one-kernel": {"architecture": "odresnet18", "model_args": {"base_width": 3, "kernel_num": 1, "layers": [1, 2, 1, 1]}, "input": (33, 47), "classes": 4, "dtype": torch.float16, "seed": 5},
    "odresnet18-two-kernels": {"architecture": "odresnet18", "model_args": {"base_width": 5, "kernel_num": 2, "temperature": 3.5, "reduction": 0.5, "layers": [1, 1, 1]}, "input": (17, 24), "seed": 6},
    "odresnet34": {"architecture": "odresnet34", "model_args": {"base_width": 1, "kernel_num": 2, "temperature": 0.7}, "input": (16, 16), "classes": 3, "dtype": torch.bfloat16, "seed": 1},
    # VGG and ResNet without attention.
    "vgg11": {"architecture": "vgg11", "model_args": {"width": 0.06, "hidden": 10, "pool": 3}, "input": (35, 40), "classes": 6, "dtype": torch.float16, "seed": 8},
    "vgg13-bn": {"architecture": "vgg13_bn", "model_args": {"width": 0.04, "hidden": 9, "pool": 1}, "classes": 4, "dtype": torch.float16, "seed": 9},
    "resnet18": {"architecture": "resnet18", "model_args": {"base_width": 2}, "input": (47, 65), "classes": 5, "dtype": torch.float16, "seed": 11},
    "resnet50-cifar": {"architecture": "resnet50", "model_args": {"base_width": 2, "stem": "cifar", "layers": [2, 1, 2]}, "input": (15, 18), "dtype": torch.float16, "seed": 12},
    "resnext50": {"architecture": "resnext50_32x4d", "model_args": {"base_width": 16, "layers": [1, 1]}, "input": (33, 31), "dtype": torch.float16, "seed": 13},
    "wide-resnet50": {"architecture": "wide_resnet50_2", "model_args": {"base_width": 3, "layers": [1, 1, 1]}, "input": (33, 31), "dtype": torch.float16, "seed": 14},
    # VGGs whose last map has several positions, more than their adaptive pooling leaves: for the explanations.
    "vgg11-wide": {"architecture": "vgg11", "model_args": {"width": 0.05, "hidden": 12, "pool": 2}, "input": (97, 70), "classes": 4, "dtype": torch.float16, "seed": 201},
    "vgg16-local-wide": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.04, "hidden": 12, "pool": 3, "reduction_ratio": 2}, "input": (100, 133), "classes": 4, "dtype": torch.float16, "seed": 202},
    "vgg16-dynamic-wide": {"architecture": "vgg16_with_dynamic_conv", "model_args": {"width": 0.032, "hidden": 10, "pool": 2, "reduction_ratio": 2}, "input": (96, 64), "classes": 4, "dtype": torch.float16, "seed": 203},
    # timm's networks, made by timm.
    "timm-seresnet18": {"library": "timm", "architecture": "seresnet18", "model_args": {"channels": [8, 9, 10, 12], "layers": [1, 2, 1, 1]}, "input": (47, 50), "classes": 4, "dtype": torch.float16, "seed": 41},
    "timm-seresnet50": {"library": "timm", "architecture": "seresnet50", "model_args": {"channels": [4, 6, 5, 7], "layers": [2, 1, 1, 1]}, "input": (47, 64), "classes": 4, "dtype": torch.float16, "seed": 42},
    "timm-seresnext50": {"library": "timm", "architecture": "seresnext50_32x4d", "model_args": {"channels": [16, 16, 16, 16], "layers": [1, 1, 1, 1]}, "input": (40, 33), "classes": 4, "dtype": torch.float16, "seed": 43},
    "timm-resnet18d": {"library": "timm", "architecture": "resnet18d", "model_args": {"channels": [6, 7, 8, 9], "layers": [1, 1, 1, 1], "stem_width": 4}, "input": (47, 50), "classes": 4, "dtype": torch.float16, "seed": 51},
    "timm-resnet26t": {"library": "timm", "architecture": "resnet26t", "model_args": {"channels": [4, 5, 6, 4], "layers": [1, 1, 1, 1], "stem_width": 8}, "input": (47, 50), "classes": 4, "dtype": torch.float16, "seed": 52},
    "timm-seresnet50t": {"library": "timm", "architecture": "seresnet50t", "model_args": {"channels": [4, 5, 6, 4], "layers": [1, 1, 1, 1], "stem_width": 8}, "input": (33, 50), "classes": 4, "dtype": torch.float16, "seed": 53},
    "timm-skresnet18": {"library": "timm", "architecture": "skresnet18", "model_args": {"channels": [8, 10, 8, 12], "layers": [1, 2, 1, 1]}, "input": (47, 50), "classes": 4, "dtype": torch.float16, "seed": 54},
    "timm-skresnet50d": {"library": "timm", "architecture": "skresnet50d", "model_args": {"channels": [4, 6, 6, 8], "layers": [1, 1, 1, 1], "stem_width": 4}, "input": (40, 33), "classes": 4, "dtype": torch.float16, "seed": 55},
    "timm-skresnext50": {"library": "timm", "architecture": "skresnext50_32x4d", "model_args": {"channels": [16, 16, 16, 16], "layers": [1, 1, 1, 1]}, "input": (40, 33), "classes": 4, "dtype": torch.float16, "seed": 56},
    "timm-vgg11": {"library": "timm", "architecture": "vgg11", "model_args": {"mlp_ratio": 0.0015, "width": 0.04}, "input": (32, 47), "classes": 2, "dtype": torch.float16, "seed": 57},
    "timm-vgg11-wide-map": {"library": "timm", "architecture": "vgg11", "model_args": {"mlp_ratio": 0.0005, "width": 0.03, "pool": 1}, "input": (64, 64), "classes": 2, "dtype": torch.float16, "seed": 82},
    "timm-vgg11-flat-map": {"library": "timm", "architecture": "vgg11", "model_args": {"mlp_ratio": 0.0008, "width": 0.03, "pool": 2}, "input": (33, 96), "classes": 2, "dtype": torch.float16, "seed": 83},
    "timm-resnet18d-attn-layer": {"library": "timm", "architecture": "resnet18d", "model_args": {"channels": [8, 9, 10, 6], "layers": [1, 1, 1, 1], "stem_width": 4, "block_args": {"attn_layer": "se"}}, "input": (40, 35), "classes": 4, "dtype": torch.float16, "seed": 84},
    "timm-resnet26-arguments": {"library": "timm", "architecture": "resnet26", "model_args": {"channels": [8, 8, 10, 8], "layers": [1, 1, 1, 1], "cardinality": 2, "base_width": 24, "stem_type": "deep", "stem_width": 4, "avg_down": True}, "input": (33, 47), "classes": 4, "dtype": torch.float16, "seed": 85},
    "timm-skresnet18-kwargs": {"library": "timm", "architecture": "skresnet18", "model_args": {"channels": [6, 7, 8, 6], "layers": [1, 1, 1, 1], "block_args": {"sk_kwargs": {"rd_ratio": 0.5, "rd_divisor": 2, "keep_3x3": False, "split_input": False}}}, "input": (33, 40), "classes": 4, "dtype": torch.float16, "seed": 86},
    "timm-skresnet50-channels": {"library": "timm", "architecture": "skresnet50", "model_args": {"channels": [4, 6, 6, 8], "layers": [1, 1, 1, 1], "block_args": {"sk_kwargs": {"rd_channels": 5, "split_input": True}}}, "input": (50, 33), "classes": 4, "dtype": torch.float16, "seed": 87},
    "timm-resnest14d-avd-first": {"library": "timm", "architecture": "resnest14d", "model_args": {"channels": [6, 9, 6, 3], "stem_width": 3, "block_args": {"radix": 3, "avd": True, "avd_first": True}}, "input": (40, 33), "classes": 4, "dtype": torch.float16, "seed": 88},
    "timm-legacy-seresnet18": {"library": "timm", "architecture": "legacy_seresnet18", "model_args": {"channels": [6, 8, 9, 8], "inplanes": 5, "layers": [1, 2, 1, 1], "reduction": 4}, "input": (47, 50), "classes": 4, "dtype": torch.float16, "seed": 58},
    "timm-legacy-seresnet50": {"library": "timm", "architecture": "legacy_seresnet50", "model_args": {"channels": [4, 5, 6, 4], "inplanes": 6, "layers": [2, 1, 1, 1], "reduction": 3}, "input": (46, 50), "classes": 4, "dtype": torch.float16, "seed": 60},
    "timm-legacy-seresnext50": {"library": "timm", "architecture": "legacy_seresnext50_32x4d", "model_args": {"channels": [16, 16, 16, 16], "inplanes": 6, "layers": [1, 1, 1, 1]}, "input": (40, 33), "classes": 4, "dtype": torch.float16, "seed": 61},
    "timm-resnest14d": {"library": "timm", "architecture": "resnest14d", "model_args": {"channels": [6, 8, 6, 4], "stem_width": 3}, "input": (47, 52), "classes": 4, "dtype": torch.float16, "seed": 44},
    "timm-resnest26d": {"library": "timm", "architecture": "resnest26d", "model_args": {"channels": [6, 8, 6, 4], "stem_width": 4, "layers": [1, 2, 1, 1]}, "input": (33, 46), "classes": 4, "dtype": torch.float16, "seed": 45},
    "timm-resnest50d-1s4x24d": {"library": "timm", "architecture": "resnest50d_1s4x24d", "model_args": {"channels": [6, 8, 8, 6], "stem_width": 4, "layers": [1, 1, 1, 1]}, "input": (33, 46), "classes": 4, "dtype": torch.float16, "seed": 46},
    "timm-resnest50d-4s2x40d": {"library": "timm", "architecture": "resnest50d_4s2x40d", "model_args": {"channels": [7, 7, 7, 7], "stem_width": 4, "layers": [1, 1, 1, 1]}, "input": (33, 46), "classes": 4, "dtype": torch.float16, "seed": 47},
    # The papers' repositories.
    "od-resnet18": {"architecture": "od_resnet18", "model_args": {"base_width": 4, "layers": [1, 1]}, "input": (47, 40), "classes": 4, "dtype": torch.float16, "seed": 61},
    "od-resnet50": {"architecture": "od_resnet50", "model_args": {"base_width": 4, "layers": [2, 1], "kernel_num": 3, "reduction": 0.5, "temperature": 2.5}, "input": (47, 40), "classes": 4, "dtype": torch.float16, "seed": 1},
    "dy-resnet18": {"architecture": "dy_resnet18", "model_args": {"base_width": 4, "layers": [1, 1]}, "input": (47, 40), "classes": 4, "dtype": torch.float16, "seed": 63},
    "dy-resnet50": {"architecture": "dy_resnet50", "model_args": {"base_width": 4, "layers": [2, 1], "K": 2, "ratio": 0.5, "temperature": 1}, "input": (33, 40), "classes": 4, "dtype": torch.float16, "seed": 64},
    "resnet18-cbam": {"architecture": "resnet18_cbam", "model_args": {"base_width": 16, "layers": [1, 1], "network_type": "CIFAR10"}, "input": (16, 18), "classes": 4, "dtype": torch.float16, "seed": 65},
    "resnet50-cbam": {"architecture": "resnet50_cbam", "model_args": {"base_width": 4, "layers": [2, 1, 1]}, "input": (47, 65), "classes": 4, "dtype": torch.float16, "seed": 66},
    "resnet18-bam": {"architecture": "resnet18_bam", "model_args": {"base_width": 16, "layers": [1, 1], "network_type": "CIFAR100"}, "input": (17, 17), "classes": 4, "dtype": torch.float16, "seed": 67},
    "resnet50-bam": {"architecture": "resnet50_bam", "model_args": {"base_width": 8, "layers": [1, 1]}, "input": (50, 50), "classes": 4, "dtype": torch.float16, "seed": 68},
    "cbam-resnet50": {"architecture": "cbam_resnet50", "model_args": {"base_width": 4, "layers": [1, 1]}, "input": (33, 40), "classes": 4, "dtype": torch.float16, "seed": 89},
    "bam-resnet18": {"architecture": "bam_resnet18", "model_args": {"base_width": 16, "layers": [1, 1]}, "input": (36, 36), "classes": 4, "dtype": torch.float16, "seed": 90},
    "se-resnet34": {"architecture": "se_resnet34", "model_args": {"base_width": 16, "layers": [2]}, "input": (23, 40), "classes": 4, "dtype": torch.float16, "seed": 91},
    "se-resnet18": {"architecture": "se_resnet18", "model_args": {"base_width": 16, "layers": [1, 1]}, "input": (33, 47), "classes": 4, "dtype": torch.float16, "seed": 69},
    "se-resnet50": {"architecture": "se_resnet50", "model_args": {"base_width": 4, "layers": [1, 2]}, "input": (33, 47), "classes": 4, "dtype": torch.float16, "seed": 70},
    "sge-resnet50": {"architecture": "sge_resnet50", "model_args": {"base_width": 16, "layers": [2]}, "input": (23, 30), "classes": 4, "dtype": torch.float16, "seed": 77},
    "sk-resnet50": {"architecture": "sk_resnet50", "model_args": {"base_width": 32, "layers": [1]}, "input": (40, 33), "classes": 4, "dtype": torch.float16, "seed": 71},
    "sk-resnet101": {"architecture": "sk_resnet101", "model_args": {"base_width": 32, "layers": [1]}, "input": (17, 24), "classes": 4, "dtype": torch.float16, "seed": 92},
    "sk-resnet152": {"architecture": "sk_resnet152", "model_args": {"base_width": 32, "layers": [1]}, "input": (30, 21), "classes": 4, "dtype": torch.float16, "seed": 93},
    "scnet101": {"architecture": "scnet101", "model_args": {"base_width": 6, "layers": [1], "bottleneck_width": 44}, "input": (40, 47), "classes": 4, "dtype": torch.float16, "seed": 94},
    "resnest50-fast-1s1x64d": {"architecture": "resnest50_fast_1s1x64d", "model_args": {"base_width": 8, "layers": [1, 1], "stem_width": 4}, "input": (33, 40), "classes": 4, "dtype": torch.float16, "seed": 95},
    "scnet50": {"architecture": "scnet50", "model_args": {"base_width": 6, "layers": [1, 2]}, "input": (79, 64), "classes": 4, "dtype": torch.float16, "seed": 72},
    "scnet50-v1d": {"architecture": "scnet50_v1d", "model_args": {"base_width": 6, "layers": [1, 1], "stem_width": 4, "groups": 2}, "input": (79, 67), "classes": 4, "dtype": torch.float16, "seed": 73},
    "resnest50": {"architecture": "resnest50", "model_args": {"base_width": 5, "layers": [1], "stem_width": 4, "bottleneck_width": 850}, "input": (33, 46), "classes": 4, "dtype": torch.float16, "seed": 74},
    "resnest50-fast-2s2x40d": {"architecture": "resnest50_fast_2s2x40d", "model_args": {"base_width": 16, "layers": [1, 1], "stem_width": 4}, "input": (33, 46), "classes": 4, "dtype": torch.float16, "seed": 75},
}

#: Small backbones that the blocks are put into.
BACKBONES = {
    "vgg": {"architecture": "vgg11", "input": (32, 33), "model_args": {"width": 0.04, "hidden": 8, "pool": 1}},
    "vgg-bn": {"architecture": "vgg13_bn", "input": (33, 32), "model_args": {"width": 0.04, "hidden": 8, "pool": 1}},
    "vgg-thin": {"architecture": "vgg11", "input": (32, 33), "model_args": {"width": 0.02, "hidden": 8, "pool": 1}},
    "vgg-thin-bn": {"architecture": "vgg13_bn", "input": (33, 32), "model_args": {"width": 0.02, "hidden": 8, "pool": 1}},
    "basic": {"architecture": "resnet18", "input": (19, 24), "model_args": {"base_width": 6, "stem": "cifar", "layers": [1, 1]}},
    "small": {"architecture": "resnet18", "input": (11, 14), "model_args": {"base_width": 4, "stem": "cifar", "layers": [1, 1]}},
    "bottleneck": {"architecture": "resnet50", "input": (41, 32), "model_args": {"base_width": 4, "layers": [1, 2]}},
    "grouped": {"architecture": "resnext50_32x4d", "input": (40, 33), "model_args": {"base_width": 16, "layers": [1]}},
}

#: (attention, backbone, attention_args), and a word that tells two of the same place apart.
PLUG_INS = [
    # Gates.
    ("local", "basic", {"reduction_ratio": 3}),
    ("local", "bottleneck", {}),
    ("se", "vgg", {"reduction": 2}),
    ("se", "basic", {"reduction": 4}),
    ("se", "bottleneck", {}),
    ("cse", "vgg-bn", {}),
    ("cse", "basic", {}),
    ("cse", "bottleneck", {}),
    ("sse", "vgg", {}),
    ("sse", "basic", {}),
    ("sse", "bottleneck", {}),
    ("scse", "vgg", {}),
    ("scse", "basic", {}),
    ("scse", "bottleneck", {}),
    ("cbam", "vgg", {"ratio": 2, "kernel_size": 3}),
    ("cbam", "basic", {"ratio": 3}),
    ("cbam", "bottleneck", {}),
    # Convolutions in place of others.
    ("dyconv", "vgg", {"temperature": 1, "K": 2}),
    ("dyconv", "basic", {}),
    ("dyconv", "bottleneck", {"K": 2, "ratio": 0.5, "bias": False, "temperature": 4}),
    ("dyconv", "grouped", {"K": 2}),
    ("odconv", "vgg-bn", {"kernel_num": 2}),
    ("odconv", "basic", {"kernel_num": 1}),
    ("odconv", "bottleneck", {"temperature": 2.5, "reduction": 1, "kernel_num": 2}),
    ("odconv", "grouped", {"kernel_num": 1}),
    ("sk", "basic", {"M": 2, "L": 5, "r": 2}),
    ("sk", "bottleneck", {}),
    ("sk", "bottleneck", {"M": 3, "G": 2, "L": 6}, "groups"),
    ("sc", "basic", {}),
    ("sc", "bottleneck", {"pooling_r": 3}),
    ("sc", "bottleneck", {"groups": 2, "pooling_r": 2}, "groups"),
    ("splat", "vgg-bn", {"radix": 1, "norm_layer": "BatchNorm2d"}),
    ("splat", "basic", {}),
    ("splat", "bottleneck", {"radix": 4, "norm_layer": "BatchNorm2d", "rd_channels": 5}),
    ("splat", "bottleneck", {"groups": 2, "norm_layer": "BatchNorm2d"}, "groups"),
    ("sge", "vgg-bn", {"groups": 1}),
    ("sge", "basic", {"groups": 3}),
    ("sge", "bottleneck", {"groups": 8}),
    ("sge", "grouped", {}),
    ("a2", "basic", {"c_m": 4, "c_n": 3}),
    ("a2", "bottleneck", {"distribute_softmax": "positions", "c_n": 5}),
    ("a2", "small", {"reconstruct": False}),
    ("dynamic", "basic", {"reduction_ratio": 3}),
    ("dynamic", "bottleneck", {"reduction_ratio": 2}),
    ("deform", "small", {"modulated": True}),
    ("deform", "bottleneck", {"bias": False}),
    ("deform", "grouped", {"modulated": True}),
    ("deform", "bottleneck", {"groups": 2, "dilation": 2}, "dilated"),
    ("dyconv", "bottleneck", {"dilation": 2, "groups": 2, "K": 3}, "dilated"),
    ("odconv", "bottleneck", {"dilation": 3, "groups": 4, "kernel_num": 2}, "dilated"),
    ("sc", "bottleneck", {"dilation": 2, "pooling_r": 2}, "dilated"),
    ("splat", "bottleneck", {"dilation": 2, "bias": True, "rd_ratio": 2, "rd_divisor": 6}, "dilated"),
    ("sk", "vgg-thin-bn", {"M": 2, "L": 4}),
    ("sc", "vgg-thin-bn", {"pooling_r": 2}),
    ("a2", "vgg-thin", {"c_m": 3, "c_n": 2}),
    ("a2", "basic", {"c_m": 5, "c_n": 4, "residual": True}, "residual"),
]

for number, (attention, backbone, arguments, *word) in enumerate(PLUG_INS):
    base = BACKBONES[backbone]
    CASES["-".join([attention, backbone, *word])] = {
        **base,
        "model_args": {**base["model_args"], "attention": attention, **({"attention_args": arguments} if arguments else {})},
        "classes": 3,
        "dtype": torch.float16,
        "seed": 100 + number,
    }


def odconv(*arguments, temperature=1.0, **options):
    module = ODConv2d(*arguments, **options)
    module.update_temperature(temperature)
    return module


#: Single blocks in places where no backbone puts them.
BLOCKS = {
    "odconv-depthwise": {"block": lambda: odconv(6, 6, 3, padding=1, groups=6), "input": (6, 9, 7)},
    "odconv-depthwise-one-kernel": {"block": lambda: odconv(5, 5, 3, stride=2, padding=1, groups=5, kernel_num=1), "input": (5, 8, 11)},
    "odconv-groups": {
        "block": lambda: odconv(8, 12, 3, stride=2, padding=2, dilation=2, groups=4, kernel_num=2, temperature=1.7),
        "input": (8, 13, 10),
    },
    "odconv-pointwise": {"block": lambda: odconv(5, 7, 1, kernel_num=3), "input": (5, 6, 9)},
    "odconv-pointwise-one-kernel": {"block": lambda: odconv(40, 3, 1, stride=2, kernel_num=1, reduction=0.5), "input": (40, 7, 7)},
    "odconv-wide-kernel": {"block": lambda: odconv(3, 4, 5, kernel_num=2, temperature=0.5), "input": (3, 11, 8)},
    "dyconv-picture": {"block": lambda: DYConv2d(3, 8, 3, padding=1), "input": (3, 12, 9)},
    "dyconv-groups": {"block": lambda: DYConv2d(6, 9, 3, stride=2, padding=2, dilation=2, groups=3, K=2, temperature=1), "input": (6, 10, 13)},
    "dyconv-pointwise": {"block": lambda: DYConv2d(7, 5, 1, bias=False, K=5, temperature=31), "input": (7, 4, 6)},
    "sk-wide": {"block": lambda: SKConv(6, M=4, G=3, r=3, stride=2, L=1), "input": (6, 11, 8)},
    "sk-one-branch": {"block": lambda: SKConv(5, M=1), "input": (5, 7, 9)},
    "sc-dilated": {"block": lambda: SCConv(6, 6, stride=2, padding=2, dilation=2, groups=3, pooling_r=2), "input": (6, 11, 9)},
    "splat-options": {
        "block": lambda: SplitAttn(6, 8, stride=2, padding=2, dilation=2, groups=2, bias=True, radix=3, rd_ratio=2, rd_divisor=4),
        "input": (6, 12, 9),
    },
    "splat-pointwise": {"block": lambda: SplitAttn(5, 7, kernel_size=1, radix=1, rd_channels=3), "input": (5, 6, 7)},
    "dynamic-wide-kernel": {"block": lambda: DynamicConvAttention(4, 6, kernel_size=5, padding=2, reduction_ratio=2, stride=2), "input": (4, 11, 9)},
    "dynamic-pointwise": {"block": lambda: DynamicConvAttention(7, 5, kernel_size=1, padding=0, reduction_ratio=3), "input": (7, 5, 8)},
    "dynamic-unpadded": {"block": lambda: DynamicConvAttention(3, 5, padding=0, reduction_ratio=1), "input": (3, 9, 7)},
    "deform-wide-kernel": {"block": lambda: DeformConv(4, 6, kernel_size=5, stride=2, padding=2, modulated=True), "input": (4, 11, 9)},
    "deform-groups": {"block": lambda: DeformConv(6, 4, padding=2, dilation=2, groups=2, bias=False), "input": (6, 9, 10)},
    "deform-pointwise": {"block": lambda: DeformConv(3, 5, kernel_size=1, padding=0, modulated=True), "input": (3, 7, 8)},
}
