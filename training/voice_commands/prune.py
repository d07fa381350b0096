#!/usr/bin/python3
"""Takes the weakest channels out of a trained network's last stage; training goes on from what is left.

    training/voice_commands/prune.py FROM TO CHANNELS      (OUTs of train.py)

Weak is what the layers behind it weigh least (He, Zhang and Sun 2017 by the norm of their filters).
"""

import pathlib
import sys

import torch

import network

FIRST, SECOND = 3, 4    # the Separables whose output is the first of the two trunks
ACROSS = 5                # the convolution over all frequencies, whose output is the second


def strongest(weights, count):
    """The places along dimension 1 whose weights are largest, in order."""
    norms = weights.square().sum(tuple(d for d in range(weights.dim()) if d != 1))
    return norms.topk(count).indices.sort().values


def main():
    source, target, kept = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    weights = torch.load(source / "network.pt")
    a, b, _ = weights["widths"]
    state = weights["weights"]
    classes = state["classify.weight"].shape[0]
    # What reads each trunk says which of its channels matter.
    trunks = [strongest(state[f"layers.{ACROSS}.weight"], kept), strongest(state["classify.weight"], kept)]
    small = network.VoiceCommands(classes, (a, b, kept))
    new = {}
    for name, like in small.state_dict().items():
        value = state[name]
        place = int(name.split(".")[1]) if name.startswith("layers") else 1000
        reads = trunks[0] if SECOND <= place <= ACROSS else trunks[1]
        makes = trunks[0] if FIRST <= place <= SECOND else trunks[1]
        # A depthwise filter has its channels first, and is of the trunk that it reads.
        if place == FIRST and ".spread" in name or value.shape == like.shape:
            new[name] = value
            continue
        if ".spread" in name:
            makes = reads
        if value.shape[0] != like.shape[0]:
            value = value[makes]
        if value.dim() > 1 and value.shape[1] != like.shape[1]:
            value = value[:, reads]
        new[name] = value
    small.load_state_dict(new)
    target.mkdir(parents=True, exist_ok=True)
    torch.save({"widths": (a, b, kept), "weights": new}, target / "network.pt")


if __name__ == "__main__":
    main()
