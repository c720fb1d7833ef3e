"""The parity fixtures: small instances of each network and block, over the paths of their parameters."""

import torch

CASES = {
    # LocalAttention in VGG16.
    "vgg16-local": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.05, "hidden": 16, "pool": 1, "reduction_ratio": 2}, "dtype": torch.float16, "seed": 1},
    "vgg16-local-pool7": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.03125, "hidden": 8, "reduction_ratio": 2}, "input": (40, 33), "classes": 7, "seed": 2},
    "vgg16-local-odd": {"architecture": "vgg16_with_attention", "model_args": {"width": 0.05, "hidden": 12, "pool": 2, "reduction_ratio": 3}, "input": (47, 33), "classes": 5, "dtype": torch.float16, "seed": 3},
    # ODConv in ResNet.
    "odresnet18": {"architecture": "odresnet18", "model_args": {"base_width": 2, "layers": [2, 2, 2, 1]}, "dtype": torch.float16, "seed": 4},
    "odresnet18-one-kernel": {"architecture": "odresnet18", "model_args": {"base_width": 3, "kernel_num": 1, "layers": [1, 2, 1, 1]}, "input": (33, 47), "classes": 4, "dtype": torch.float16, "seed": 5},
    "odresnet18-two-kernels": {"architecture": "odresnet18", "model_args": {"base_width": 5, "kernel_num": 2, "temperature": 3.5, "reduction": 0.5, "layers": [1, 1, 1]}, "input": (17, 24), "seed": 6},
    "odresnet34": {"architecture": "odresnet34", "model_args": {"base_width": 1, "kernel_num": 2, "temperature": 0.7}, "input": (16, 16), "classes": 3, "dtype": torch.bfloat16, "seed": 7},
}
