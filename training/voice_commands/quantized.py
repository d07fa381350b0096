"""The network with batch normalisation folded in and 8-bit rounding in its sums: what int8 will compute.

Weights symmetric per output channel, activations with one scale a tensor, as TensorFlow Lite's int8 has
them (Jacob et al. 2018; straight-through gradients, Bengio et al. 2013).
"""

import copy

import torch
from torch import nn


def _round(x):
    return x + (torch.round(x) - x).detach()


class Activation(nn.Module):
    """Rounds to 256 steps between the smallest and the largest number seen, which follow slowly."""

    def __init__(self):
        super().__init__()
        self.register_buffer("low", torch.tensor(0.0))
        self.register_buffer("high", torch.tensor(0.0))

    def forward(self, x):
        if self.training:
            low, high = x.detach().min().clamp(max=0), x.detach().max().clamp(min=0)
            rate = 1.0 if self.high == self.low else 0.02
            self.low += rate * (low - self.low)
            self.high += rate * (high - self.high)
        scale = (self.high - self.low).clamp(min=1e-6) / 255
        zero = torch.round(-128 - self.low / scale)
        steps = torch.clamp(_round(x / scale) + zero, -128, 127)
        return (steps - zero) * scale


class Weighted(nn.Module):
    """A convolution or dense layer with rounded weights; `fold` is its batch normalisation, if any."""

    def __init__(self, layer, fold=None):
        super().__init__()
        self.layer = copy.deepcopy(layer)
        if self.layer.bias is None:
            self.layer.bias = nn.Parameter(torch.zeros(layer.weight.shape[0]))
        if fold is not None:
            gain = fold.weight.data / torch.sqrt(fold.running_var + fold.eps)
            self.layer.weight.data *= gain.reshape(-1, *[1] * (layer.weight.dim() - 1))
            self.layer.bias.data = (self.layer.bias.data - fold.running_mean) * gain + fold.bias.data
        self.is_rounding = True

    def forward(self, x):
        if not self.is_rounding:
            return self.layer(x)
        w = self.layer.weight
        largest = w.detach().abs().amax(tuple(range(1, w.dim())), keepdim=True).clamp(min=1e-9)
        rounded = _round(w / largest * 127) * largest / 127
        if isinstance(self.layer, nn.Linear):
            return nn.functional.linear(x, rounded, self.layer.bias)
        return self.layer._conv_forward(x, rounded, self.layer.bias)


def _prepared(module):
    """A Sequential's layers with normalisations folded and roundings where int8 has a tensor."""
    layers, out = list(module), []
    i = 0
    while i < len(layers):
        layer = layers[i]
        if isinstance(layer, nn.Conv2d):
            normalizes = i + 1 < len(layers) and isinstance(layers[i + 1], nn.BatchNorm2d)
            out.append(Weighted(layer, layers[i + 1] if normalizes else None))
            i += normalizes
            if i + 1 < len(layers) and isinstance(layers[i + 1], nn.ReLU):
                out.append(layers[i + 1])
                i += 1
            out.append(Activation())
        elif isinstance(layer, nn.Sequential):
            out += _prepared(layer)
        else:
            out.append(RoundedSeparable(layer))
        i += 1
    return out


class RoundedSeparable(nn.Module):
    def __init__(self, separable):
        super().__init__()
        self.spread = nn.Sequential(*_prepared(separable.spread))
        self.combine = nn.Sequential(*_prepared(separable.combine))
        self.is_residual, self.border = separable.is_residual, separable.border
        self.out = Activation()

    def forward(self, x):
        y = self.combine(self.spread(x))
        if self.is_residual:
            y = y + x[:, :, self.border:x.shape[2] - self.border]
        return self.out(torch.relu(y))


class Rounded(nn.Module):
    """network.VoiceCommands as int8 will compute it; fine-tuned, then exported without the roundings."""

    def __init__(self, network):
        super().__init__()
        self.input = Activation()
        self.layers = nn.Sequential(*_prepared(network.layers))
        self.mean = Activation()
        self.classify = Weighted(network.classify)

    def forward(self, x):
        return self.classify(self.mean(self.layers(self.input(x)).mean((2, 3))))

    def as_float(self):
        """A copy that computes the same function without any rounding, for export."""
        plain = copy.deepcopy(self).eval()
        for module in plain.modules():
            if isinstance(module, Weighted):
                module.is_rounding = False
            if isinstance(module, Activation):
                module.forward = lambda x: x
        return plain
