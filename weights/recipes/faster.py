"""Forms of the attention blocks that train faster on a CPU; `models/` has the definitions, and `tests.py` holds the two equal, gradients too.

In channels_last a feature map is a matrix [B, H·W, C] without a copy. What scales it per channel or per position, or sums over either, has inner loops of
a few dozen channels there, which take several times as long as the memory does. As products of matrices the same sums take about as long as it.
"""

from types import MethodType

import torch
import torch.nn.functional as F

from models.cbam import CBAM
from models.local_attention import LocalAttention
from models.selective_kernel import SKConv
from models.spatial_group_enhance import SpatialGroupEnhance
from models.split_attention import SplitAttn
from models.squeeze_excitation import scSE


def matrix(x):
    """[B, C, H, W] as [B, H·W, C]: a view in channels_last."""
    return x.permute(0, 2, 3, 1).flatten(1, 2)


def picture(rows, like):
    """`matrix` undone."""
    return rows.unflatten(1, like.shape[2:]).permute(0, 3, 1, 2)


def mean(rows):
    """[B, C]: the mean over all positions."""
    return (rows.new_full((1, 1, rows.shape[1]), 1 / rows.shape[1]).expand(rows.shape[0], -1, -1) @ rows)[:, 0]


def scse(self, x):
    """x · (channel + position): one product for the two, and the sum of gates as a product of matrices of rank 2."""
    rows = matrix(x)
    channel = torch.relu(mean(rows) @ self.cSE.Conv_Squeeze.weight.flatten(1).t()) @ self.cSE.Conv_Excitation.weight.flatten(1).t()
    channel = torch.sigmoid(channel)[:, None]
    position = torch.sigmoid(rows @ self.sSE.conv.weight.flatten(1).t())
    gate = torch.cat([position, torch.ones_like(position)], 2) @ torch.cat([torch.ones_like(channel), channel], 1)
    return picture(rows * gate, x)


def local(self, x):
    """x · channel · position: one product, and the gate a product of rank 1."""
    rows = matrix(x)
    gate = lambda first, second, values: torch.sigmoid(
        F.linear(torch.relu(F.linear(values, first.weight.flatten(1), first.bias)), second.weight.flatten(1), second.bias))
    channel = gate(self.channel_attention[1], self.channel_attention[3], mean(rows))
    position = gate(self.spatial_attention[0], self.spatial_attention[2], rows)
    return picture(rows * (position @ channel[:, None]), x)


def sge(self, x):
    rows = matrix(x)
    # 1 where the channel is of the group.
    member = torch.eye(self.groups, dtype=rows.dtype, device=x.device).repeat_interleave(x.shape[1] // self.groups, 1)
    similarity = (rows @ (mean(rows)[:, :, None] * member.t())).transpose(1, 2).to(self.weight.dtype, memory_format=torch.contiguous_format)
    similarity = similarity - similarity.mean(2, keepdim=True)
    deviation = torch.linalg.vector_norm(similarity, dim=2, keepdim=True) / (similarity.shape[2] - 1) ** 0.5
    gate = torch.sigmoid(similarity / (deviation + 1e-5) * self.weight[0, :, :, 0] + self.bias[0, :, :, 0]).to(rows.dtype)
    return picture(rows * (gate.transpose(1, 2) @ member), x)


def largest(x):
    """[B, C]: the maximum over all positions. Its gradient goes to one position, as `amax`'s does where no two are equal."""
    return F.max_pool2d(x, x.shape[2:]).flatten(1)


def convolved(maps, weight):
    """A convolution [1, M, k, k] of few maps [B, M, H, W] to one, padded to their size. As one over the rows alone, whose channels are the places
    of a row: a convolution of two channels to one leaves a processor idle."""
    width, size = maps.shape[3], weight.shape[3]
    place = torch.arange(width, device=maps.device)
    shift = place - place[:, None] + size // 2  # [to, from]
    band = weight[0][:, :, shift.clamp(0, size - 1)] * ((shift >= 0) & (shift < size))  # [M, k, to, from]
    # Over maps [B, M·W, H].
    out = F.conv1d(maps.transpose(2, 3).flatten(1, 2), band.permute(2, 0, 3, 1).flatten(1, 2), padding=size // 2)
    return out.transpose(1, 2)  # [B, H, W]


def cbam(self, x):
    rows = matrix(x)
    hidden = torch.relu(torch.stack([mean(rows), largest(x)]) @ self.ca.fc1.weight.flatten(1).t()).sum(0).to(rows.dtype)
    channel = torch.sigmoid(hidden @ self.ca.fc2.weight.flatten(1).t())
    # The scaling by channels, as a product with diagonal matrices.
    rows = rows @ torch.diag_embed(channel)
    pooled = torch.stack([rows @ rows.new_full((x.shape[1],), 1 / x.shape[1]), rows.max(2).values], 1).unflatten(2, x.shape[2:])
    position = torch.sigmoid(convolved(pooled, self.sa.conv1.weight))
    return picture(rows * (position.flatten(1)[:, :, None].to(rows.dtype) @ rows.new_ones(1, x.shape[1])), x)


def mixed(rows, weights):
    """The sum over M branches, that lie side by side in `rows` [B, H·W, M·C], times their weights [B, M, C]."""
    return rows @ torch.diag_embed(weights.to(rows.dtype)).flatten(1, 2)


def sk(self, x):
    branches = torch.cat([conv(x) for conv in self.convs], 1)
    rows = matrix(branches)
    z = self.fc(mean(rows).unflatten(1, (len(self.convs), -1)).sum(1).to(rows.dtype))
    return picture(mixed(rows, torch.softmax(torch.stack([fc(z) for fc in self.fcs], 1), 1)), branches)


def splat(self, x):
    if self.radix == 1 or self.cardinality != 1:
        return type(self).forward(self, x)
    splits = torch.relu(self.bn0(self.conv(x)))
    rows = matrix(splits)
    pooled = mean(rows).unflatten(1, (self.radix, -1)).sum(1).to(rows.dtype)
    scores = self.fc2(torch.relu(self.bn1(self.fc1(pooled[:, :, None, None])))).flatten(1).unflatten(1, (self.radix, -1))
    return picture(mixed(rows, torch.softmax(scores, 1)), splits)


FORMS = {CBAM: cbam, LocalAttention: local, SKConv: sk, SplitAttn: splat, scSE: scse, SpatialGroupEnhance: sge}


def quicken(model):
    """Gives every block of the model that has a faster form that form; its parameters and their names stay."""
    for module in model.modules():
        if form := FORMS.get(type(module)):
            module.forward = MethodType(form, module)
    return model
