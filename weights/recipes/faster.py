"""Forms of the attention blocks that train faster on a CPU; `models/` has the definitions, and `tests.py` holds the two equal, gradients too.

In channels_last a feature map is a matrix [B, H·W, C] without a copy. What scales it per channel or per position, or sums over either, has inner loops of
a few dozen channels there, which take several times as long as the memory does. As products of matrices the same sums take about as long as it.
"""

from types import MethodType

import torch
import torch.nn.functional as F

from models.cbam import CBAM
from models.dyconv import DYConv2d
from models.local_attention import LocalAttention
from models.odconv import ODConv2d
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


class Interleave(torch.autograd.Function):
    """[B, C, H, W] as one picture [1, B·C, H, W], the pictures' channels side by side at each position; both in channels_last, and so are the gradients."""

    @staticmethod
    def forward(context, x):
        context.pictures = len(x)
        return x.permute(2, 3, 0, 1).contiguous().flatten(2)[None].permute(0, 3, 1, 2)

    @staticmethod
    def backward(context, gradient):
        return Separate.apply(gradient, context.pictures)


class Separate(torch.autograd.Function):
    """`Interleave` undone."""

    @staticmethod
    def forward(context, x, pictures):
        return x[0].permute(1, 2, 0).unflatten(2, (pictures, -1)).permute(2, 0, 1, 3).contiguous().permute(0, 3, 1, 2)

    @staticmethod
    def backward(context, gradient):
        return Interleave.apply(gradient), None


def mixed_kernels(self, x, mix, spatial=None):
    """A convolution with a kernel per picture, the sum of the layer's kernels times `mix` [B, K] and, place by place, `spatial` [B, k, k]: a grouped
    one, as in the definition, but in channels_last, in which bfloat16 is several times as fast. The kernels are mixed in that order already."""
    inner = self.weight.permute(0, 1, 3, 4, 2)
    kernels = (mix @ inner.flatten(1)).unflatten(1, inner.shape[1:])
    if spatial is not None:
        kernels = kernels * spatial[:, None, :, :, None]
    kernels = kernels.flatten(0, 1).permute(0, 3, 1, 2)
    return Separate.apply(F.conv2d(Interleave.apply(x), kernels, None, self.stride, self.padding, self.dilation, self.groups * len(x)), len(x))


def mixed_outputs(self, x, mix, spatial=None):
    """The same where maps are small: the outputs of all kernels, one product, then their sum."""
    size, stride, dilation = self.weight.shape[3], self.stride, self.dilation
    rows = F.pad(x.permute(0, 2, 3, 1), (0, 0, *[self.padding] * 4))
    height, width = ((side - dilation * (size - 1) - 1) // stride + 1 for side in rows.shape[1:3])
    along = lambda tap, count: slice(tap * dilation, tap * dilation + (count - 1) * stride + 1, stride)
    windows = torch.stack([rows[:, along(i, height), along(j, width)] for i in range(size) for j in range(size)], 3)  # [B, H, W, k², C]
    if spatial is not None:
        windows = windows * spatial.flatten(1)[:, None, None, :, None]
    outputs = windows.flatten(0, 2).flatten(1) @ self.weight.permute(3, 4, 2, 0, 1).flatten(0, 2).flatten(1)
    outputs = outputs.view(len(x), height * width, *self.weight.shape[:2])
    return torch.einsum("bk,blko->blo", mix.to(outputs.dtype), outputs).unflatten(1, (height, width)).permute(0, 3, 1, 2)


def odconv(self, x):
    maps = self.maps(mean(matrix(x))[:, :, None, None])
    x = x * maps["channel"][:, :, None, None]
    mix, spatial = maps.get("kernel", x.new_ones(len(x), 1)), maps.get("kernel_spatial")
    if "kernel" not in maps and spatial is None:
        # One kernel for all pictures.
        out = F.conv2d(x, self.weight[0], None, self.stride, self.padding, self.dilation, self.groups)
    else:
        out = (mixed_outputs if self._mixes_outputs(x) else mixed_kernels)(self, x, mix, spatial)
    return out * maps["filter"][:, :, None, None] if "filter" in maps else out


def dyconv(self, x):
    mix = self.attention(mean(matrix(x))[:, :, None, None])
    out = mixed_kernels(self, x, mix)
    return out if self.bias is None else out + (mix @ self.bias)[:, :, None, None]


FORMS = {CBAM: cbam, DYConv2d: dyconv, LocalAttention: local, ODConv2d: odconv, SKConv: sk, SplitAttn: splat, scSE: scse, SpatialGroupEnhance: sge}


def quicken(model):
    """Gives every block of the model that has a faster form that form; its parameters and their names stay."""
    for module in model.modules():
        if form := FORMS.get(type(module)):
            module.forward = MethodType(form, module)
    return model
