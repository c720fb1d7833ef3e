"""CIFAR-10 in its binary form: a label byte and 3,072 planar RGB bytes per picture."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

LABELS = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
MEAN = [0.4914, 0.4822, 0.4465]
STD = [0.2023, 0.1994, 0.2010]


def read(path):
    """One file's pictures, uint8 [N, 3, 32, 32], and labels, int64 [N]."""
    rows = torch.from_numpy(np.fromfile(path, np.uint8).reshape(-1, 3073))
    return rows[:, 1:].reshape(-1, 3, 32, 32), rows[:, 0].long()


def train_set(folder):
    parts = [read(Path(folder) / f"data_batch_{n}.bin") for n in range(1, 6)]
    return torch.cat([p[0] for p in parts]), torch.cat([p[1] for p in parts])


def test_set(folder):
    return read(Path(folder) / "test_batch.bin")


def normalize(pictures):
    """uint8 pictures as the network reads them, in torchvision's order: divide by 255, subtract the mean, divide by the deviation."""
    mean, std = (torch.tensor(v, device=pictures.device)[:, None, None] for v in (MEAN, STD))
    return (pictures.float() / 255 - mean) / std


def augment(pictures, generator, crop=True):
    """A crop of 32×32 at a random place of each picture padded by 4 black pixels, mirrored half the time; without `crop` mirrored only.

    The draws are the CPU's on every device, the pictures are cut where they lie.
    """
    batch, device = pictures.shape[0], pictures.device
    padded = F.pad(pictures, (4, 4, 4, 4))
    places = torch.randint(0, 9, (2, batch, 1, 1, 1), generator=generator) if crop else torch.full((2, batch, 1, 1, 1), 4)
    top, left = places.to(device)
    rows = torch.arange(32, device=device).view(1, 1, 32, 1) + top
    columns = torch.arange(32, device=device).view(1, 1, 1, 32)
    flip = (torch.rand((batch, 1, 1, 1), generator=generator) < 0.5).to(device)
    columns = torch.where(flip, 31 - columns, columns) + left
    picture = torch.arange(batch, device=device).view(batch, 1, 1, 1)
    channel = torch.arange(3, device=device).view(1, 3, 1, 1)
    return padded[picture, channel, rows, columns]
