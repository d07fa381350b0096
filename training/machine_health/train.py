#!/usr/bin/python3
"""Trains an autoencoder that knows healthy machines, for `mote watch --model` (models/machine_health).

    training/machine_health/train.py OUT       (script/setup training; build/training/mote_healthy_windows)

The machines are simulated (training/machine_health/healthy_windows.cc), no recording is needed. Written are
OUT/float.onnx and OUT/calibration.npy for `mote quantize`. Seeds are fixed.
"""

import argparse
import pathlib
import subprocess

import numpy as np
import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEATURES = 16  # of an axis, in windows of 4096 frames
FARTHEST = 8.0  # spreads that a network is shown: learn::kFarthestShown


def healthy_windows(out, machines, seed):
    """[windows, FEATURES] of simulated machines, in spreads from their own healthy centre."""
    path = out / f"healthy_{seed}.bin"
    subprocess.run([ROOT / "build/training/mote_healthy_windows", str(machines), str(seed), path],
                   check=True)
    return torch.from_numpy(np.fromfile(path, np.float32).reshape(-1, FEATURES))


def autoencoder(middle):
    """What moves together fits through the middle; what moves alone does not."""
    return nn.Sequential(
        nn.Linear(FEATURES, 24), nn.ReLU(), nn.Linear(24, middle),
        nn.Linear(middle, 24), nn.ReLU(), nn.Linear(24, FEATURES))


def left_over(net, z):
    """Root of the mean square of what the network does not give back."""
    net.eval()
    with torch.no_grad():
        return float((z - net(z)).square().mean().sqrt())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--machines", type=int, default=120)
    parser.add_argument("--steps", type=int, default=8000)
    parser.add_argument("--middle", type=int, default=2, help="numbers that pass")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    train = healthy_windows(options.out, options.machines, 1)
    test = healthy_windows(options.out, max(1, options.machines // 6), 2)

    net = autoencoder(options.middle)
    optimizer = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=options.steps)
    for step in range(1, options.steps + 1):
        net.train()
        z = train[torch.randint(len(train), (256,))]
        loss = (z - net(z)).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 2000 == 0:
            print(f"step {step}: {left_over(net, test):.3f} spreads of "
                  f"{float(test.square().mean().sqrt()):.3f} are left of other machines' windows")
    net.eval()
    torch.onnx.export(net, torch.zeros(1, FEATURES), str(options.out / "float.onnx"), opset_version=13,
                      input_names=["features"], output_names=["features_again"])
    # The range that int8 must hold goes to the farthest that a network is ever shown.
    corners = torch.full((2, FEATURES), FARTHEST) * torch.tensor([[1.0], [-1.0]])
    np.save(options.out / "calibration.npy", torch.cat([train[::97], corners]).numpy())


if __name__ == "__main__":
    main()
