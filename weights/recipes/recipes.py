"""What each shipped model is and how it was trained."""

RECIPES = {
    "vgg16-local-cifar10": {
        "about": "VGG16 at a quarter of its width with a LocalAttention (a channel gate times a spatial gate) before each pooling.",
        "architecture": "vgg16_with_attention",
        "model_args": {"width": 0.25, "hidden": 256, "pool": 1, "reduction_ratio": 8},
        "train_args": {"normalize": True, "dropout": 0.1},
        # float16 costs a picture of the 10,000.
        "stored": "float32",
        "cycles": [{"epochs": 24, "rate": 0.08, "warm_up": 0.15}, {"epochs": 8, "rate": 0.04, "warm_up": 0.05}],
        "batch": 128, "weight_decay": 5e-4, "label_smoothing": 0.05, "channels_last": True,
        "seed": 1,
    },
    "odresnet-cifar10": {
        "about": "ResNet-18 with the CIFAR stem and 16 base channels, every convolution of its blocks an ODConv with four kernels.",
        "architecture": "odresnet18",
        "model_args": {"base_width": 16, "kernel_num": 4, "reduction": 0.0625, "temperature": 1.0},
        "train_args": {},
        "stored": "float16",
        "cycles": [{"epochs": 8, "rate": 0.1, "warm_up": 0.15}, {"epochs": 2, "rate": 0.03, "warm_up": 0.02},
                   {"epochs": 1, "rate": 0.03, "warm_up": 0.02, "crop": False}],
        "batch": 128, "weight_decay": 5e-4, "label_smoothing": 0.0, "channels_last": False,
        "cooling": {"from": 10.0, "part": 0.5},
        "seed": 1,
    },
}
