#!/usr/bin/python3
"""Exports small networks of the usual kinds from PyTorch to ONNX, for tests of mote's reader.

    training/export_test_models.py DIR        (Debian: python3-torch, python3-onnx)

Writes of each NAME.onnx, and NAME.in.bin and NAME.out.bin: an input and what PyTorch makes of it, as
float32 in PyTorch's order of elements. Weights are random, and the same in every run.
"""

import math
import pathlib
import sys

import torch
from torch import nn


def conv_bn(inputs, outputs, kernel, stride=1, groups=1, relu=nn.ReLU):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, *([relu()] if relu else []))


class DsCnn(nn.Module):
    """Keywords: a convolution, and depthwise separable ones. Zhang et al., Hello Edge, 2017."""

    def __init__(self):
        super().__init__()
        self.first = nn.Sequential(
            nn.Conv2d(1, 24, (10, 4), (2, 2), (4, 1), bias=False), nn.BatchNorm2d(24), nn.ReLU())
        self.blocks = nn.Sequential(*[
            nn.Sequential(conv_bn(24, 24, 3, groups=24), conv_bn(24, 24, 1)) for _ in range(3)])
        self.classify = nn.Linear(24, 12)

    def forward(self, x):
        x = self.blocks(self.first(x))
        return torch.softmax(self.classify(x.mean((2, 3))), -1)


class Residual(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.main = nn.Sequential(
            conv_bn(inputs, outputs, 3, stride), conv_bn(outputs, outputs, 3, relu=None))
        self.side = conv_bn(inputs, outputs, 1, stride, relu=None) if stride > 1 else nn.Identity()

    def forward(self, x):
        return torch.relu(self.main(x) + self.side(x))


class ResNet8(nn.Module):
    """Pictures of 32 pixels: three stages of residual layers."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            conv_bn(3, 8, 3), Residual(8, 8, 1), Residual(8, 16, 2), Residual(16, 32, 2),
            nn.AvgPool2d(8), nn.Flatten(), nn.Linear(32, 10))

    def forward(self, x):
        return self.layers(x)


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, widen):
        super().__init__()
        middle = inputs * widen
        self.layers = nn.Sequential(
            conv_bn(inputs, middle, 1, relu=nn.ReLU6),
            conv_bn(middle, middle, 3, stride, middle, relu=nn.ReLU6),
            conv_bn(middle, outputs, 1, relu=None))
        self.is_residual = stride == 1 and inputs == outputs

    def forward(self, x):
        return x + self.layers(x) if self.is_residual else self.layers(x)


class MobileNetV2(nn.Module):
    """Inverted residuals, as in Sandler et al., 2018, a few of them."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            conv_bn(3, 8, 3, 2, relu=nn.ReLU6), Inverted(8, 8, 1, 1), Inverted(8, 12, 2, 4),
            Inverted(12, 12, 1, 4), Inverted(12, 16, 2, 4), conv_bn(16, 48, 1, relu=nn.ReLU6),
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(0.2), nn.Linear(48, 7))

    def forward(self, x):
        return self.layers(x)


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        sizes = [160, 32, 32, 8, 32, 32]
        layers = []
        for a, b in zip(sizes, sizes[1:]):
            layers += [nn.Linear(a, b), nn.BatchNorm1d(b), nn.ReLU()]
        self.layers = nn.Sequential(*layers, nn.Linear(32, 160))

    def forward(self, x):
        return self.layers(x)


def conv1d_bn(inputs, outputs, kernel, stride=1, padding=None):
    padding = kernel // 2 if padding is None else padding
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, kernel, stride, padding, bias=False), nn.BatchNorm1d(outputs))


class TcBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.main = nn.Sequential(
            conv1d_bn(inputs, outputs, 9, 2), nn.ReLU(), conv1d_bn(outputs, outputs, 9))
        self.side = nn.Sequential(conv1d_bn(inputs, outputs, 1, 2), nn.ReLU())

    def forward(self, x):
        return torch.relu(self.main(x) + self.side(x))


class TcResNet(nn.Module):
    """Keywords as signals of 40 channels. Choi et al., Temporal convolution, 2019."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            conv1d_bn(40, 12, 3), nn.ReLU(), TcBlock(12, 16), TcBlock(16, 20), nn.AdaptiveAvgPool1d(1))
        self.classify = nn.Conv1d(20, 12, 1)

    def forward(self, x):
        return self.classify(self.layers(x)).squeeze(-1)


class Recurrent(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.cells = kind(10, 16, batch_first=True)
        self.classify = nn.Linear(16, 6)

    def forward(self, x):
        return self.classify(self.cells(x)[0][:, -1])


class UNet(nn.Module):
    """A signal to a signal, with what lies between two scales joined again."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(conv1d_bn(2, 8, 5), nn.LeakyReLU(0.1))
        self.deep = nn.Sequential(nn.MaxPool1d(2), conv1d_bn(8, 16, 5), nn.LeakyReLU(0.1))
        self.up = nn.ConvTranspose1d(16, 8, 2, 2)
        self.last = nn.Sequential(conv1d_bn(16, 8, 5), nn.SiLU(), nn.Conv1d(8, 1, 1), nn.Sigmoid())

    def forward(self, x):
        wide = self.down(x)
        return self.last(torch.cat([wide, self.up(self.deep(wide))], 1))


class Transformer(nn.Module):
    """One block: attention of two heads, and two dense layers, each behind a normalisation."""

    def __init__(self):
        super().__init__()
        self.heads = 2
        self.norms = nn.ModuleList([nn.LayerNorm(24), nn.LayerNorm(24)])
        self.qkv = nn.Linear(24, 72)
        self.out = nn.Linear(24, 24)
        self.dense = nn.Sequential(nn.Linear(24, 48), nn.GELU(), nn.Linear(48, 24))
        self.classify = nn.Linear(24, 5)

    def forward(self, x):
        y = self.qkv(self.norms[0](x))
        q, k, v = [t.reshape(1, 16, self.heads, 12).transpose(1, 2) for t in y.chunk(3, -1)]
        weights = torch.softmax(q @ k.transpose(-2, -1) / math.sqrt(12), -1)
        x = x + self.out((weights @ v).transpose(1, 2).reshape(1, 16, 24))
        x = x + self.dense(self.norms[1](x))
        return self.classify(x.mean(1))


MODELS = {
    "ds_cnn": (DsCnn, (1, 1, 49, 10)),
    "resnet8": (ResNet8, (1, 3, 32, 32)),
    "mobilenet_v2": (MobileNetV2, (1, 3, 48, 48)),
    "autoencoder": (Autoencoder, (1, 160)),
    "tc_resnet": (TcResNet, (1, 40, 50)),
    "gru": (lambda: Recurrent(nn.GRU), (1, 20, 10)),
    "lstm": (lambda: Recurrent(nn.LSTM), (1, 20, 10)),
    "unet_1d": (UNet, (1, 2, 64)),
    "transformer": (Transformer, (1, 16, 24)),
}


def randomize_statistics(model):
    """Batch normalisations that have learned something."""
    for layer in model.modules():
        if isinstance(layer, (nn.BatchNorm1d, nn.BatchNorm2d)):
            layer.running_mean.uniform_(-0.2, 0.2)
            layer.running_var.uniform_(0.5, 1.5)
            nn.init.uniform_(layer.weight, 0.8, 1.2)
            nn.init.uniform_(layer.bias, -0.2, 0.2)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, (make, shape) in MODELS.items():
        torch.manual_seed(1)
        model = make().eval()
        randomize_statistics(model)
        x = torch.randn(shape)
        with torch.no_grad():
            y = model(x)
        torch.onnx.export(model, x, str(folder / f"{name}.onnx"), opset_version=13,
                          input_names=["input"], output_names=["output"])
        (folder / f"{name}.in.bin").write_bytes(x.numpy().tobytes())
        (folder / f"{name}.out.bin").write_bytes(y.numpy().tobytes())
        print(f"{name}: {list(shape)} -> {list(y.shape)}")


main()
