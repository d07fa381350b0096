"""A network for words that slides along a stream: every layer is VALID in time.

Frames of 40 bands become, by depthwise separable convolutions over time and frequency, one vector every
second frame; convolutions over time alone then look at a second of these (TC-ResNet, Choi et al. 2019;
DS-CNN, Zhang et al. 2017). Without borders in time a stream's next frames give the same numbers as a
whole window, and nothing is computed twice.
"""

import torch
from torch import nn


def convolve(inputs, outputs, kernel, stride=(1, 1), depthwise=False, activation=True):
    """Convolution, batch normalisation, ReLU; padded in frequency alone."""
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, (0, kernel[1] // 2),
                  groups=inputs if depthwise else 1, bias=False),
        nn.BatchNorm2d(outputs)]
    return nn.Sequential(*layers, *([nn.ReLU()] if activation else []))


class Separable(nn.Module):
    """A depthwise convolution and one of 1x1; what came in is added where shapes allow it."""

    def __init__(self, inputs, outputs, kernel, stride=(1, 1)):
        super().__init__()
        self.spread = convolve(inputs, inputs, kernel, stride, depthwise=True)
        self.combine = convolve(inputs, outputs, (1, 1), activation=False)
        self.is_residual = inputs == outputs and stride == (1, 1)
        self.border = kernel[0] // 2

    def forward(self, x):
        y = self.combine(self.spread(x))
        if self.is_residual:
            y = y + x[:, :, self.border:x.shape[2] - self.border]
        return torch.relu(y)


class VoiceCommands(nn.Module):
    def __init__(self, classes, widths=(20, 40, 64), columns=(5, 5, 5), dropout=0.1):
        super().__init__()
        self.widths = a, b, c = tuple(widths)
        self.layers = nn.Sequential(
            convolve(1, a, (3, 5), (2, 2)),
            Separable(a, b, (3, 3), (1, 2)),
            Separable(b, b, (3, 3)),
            Separable(b, c, (3, 3), (1, 2)),
            Separable(c, c, (3, 3)),
            nn.Conv2d(c, c, (1, 5), bias=False), nn.BatchNorm2d(c), nn.ReLU(),
            *[Separable(c, c, (k, 1)) for k in columns])
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(c, classes)

    def forward(self, x):
        """x [N, 1, frames, bands] -> logits [N, classes]"""
        x = self.layers(x).mean((2, 3))
        return self.classify(self.dropout(x))
