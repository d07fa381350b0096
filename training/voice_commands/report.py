#!/usr/bin/python3
"""How often a network is right, by word and by condition, with what chance alone may have done to it.

    training/voice_commands/report.py OUT MODEL.tflite      (with build/cli/mote or build-release's)

runs a model, as `mote quantize` wrote it, on the tests that train.py left in OUT.
"""

import math
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch

import augment
import features


def interval(right, count):
    """Wilson's 95 % interval of a share (Wilson 1927)."""
    if count == 0:
        return 0.0, 1.0
    z, share = 1.96, right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def one_second(samples):
    """The recording in the middle of a second of silence; of a longer one, its middle."""
    out = np.zeros(augment.WINDOW, np.float32)
    start = (len(samples) - augment.WINDOW) // 2
    if start >= 0:
        return samples[start:start + augment.WINDOW]
    out[-start:-start + len(samples)] = samples
    return out


class Examples:
    """The recordings of words of a split, as they are or with the split's own noise."""

    def __init__(self, recordings, split, words, front_end, snr_db=None, seed=5):
        random = np.random.default_rng(seed)
        chosen = [s for s in recordings if s.kind == "words" and s.split == split]
        noises = [s.samples for s in recordings if s.kind == "noise" and s.split == split]
        energies = []
        for sound in chosen:
            samples = one_second(sound.samples)
            if snr_db is not None:
                noise = augment.excerpt(noises[random.integers(len(noises))], augment.WINDOW, random)
                samples = augment.mix(samples, noise, snr_db)
            energies.append(front_end.energies(samples))
        self.features = front_end.normalize(np.stack(energies))
        self.classes = np.array([words.index(s.word) if s.word in words else len(words)
                                 for s in chosen])


def predictions(network, features, words):
    """The most likely class of each; silence is no word, and counts as unknown."""
    network.eval()
    with torch.no_grad():
        scores = torch.cat([network(part[:, None]) for part in torch.from_numpy(features).split(256)])
    return np.minimum(scores.argmax(1).numpy(), len(words))


def balanced(predicted, classes, words):
    """Mean share of right answers over the words and unknown, each weighing the same."""
    present = [c for c in range(len(words) + 1) if (classes == c).any()]
    return float(np.mean([(predicted[classes == c] == c).mean() for c in present]))


def table(predicted, classes, words):
    """Lines: each word, all words, unknown, and both as one figure."""
    lines = []

    def row(name, chosen):
        right, count = int((predicted[chosen] == classes[chosen]).sum()), int(chosen.sum())
        if count:
            low, high = interval(right, count)
            lines.append(f"{name:<12}{right:>5} of{count:>5}   {100 * right / count:5.1f} %"
                         f"   [{100 * low:.1f}, {100 * high:.1f}]")

    for c, word in enumerate(words):
        row(word, classes == c)
    row("all words", classes < len(words))
    row("unknown", classes == len(words))
    # The interval of a mean of shares, each with its own variance.
    mean = balanced(predicted, classes, words)
    counts = [(classes == c).sum() for c in range(len(words) + 1) if (classes == c).any()]
    shares = [(predicted[classes == c] == c).mean() for c in range(len(words) + 1) if (classes == c).any()]
    deviation = math.sqrt(sum(p * (1 - p) / n for p, n in zip(shares, counts))) / len(counts)
    lines.append(f"{'mean':<27}{100 * mean:5.1f} %   [{100 * (mean - 1.96 * deviation):.1f}, "
                 f"{100 * (mean + 1.96 * deviation):.1f}]")
    return "\n".join(lines)


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    out, model = pathlib.Path(sys.argv[1]), sys.argv[2]
    words = (out / "labels.txt").read_text().split()[:-2]
    for examples in sorted(out.glob("test_*.npy")):
        with tempfile.TemporaryDirectory() as folder:
            scores = pathlib.Path(folder) / "scores.npy"
            subprocess.run([features.tool(), "run", model, f"--input={examples}", f"--output={scores}"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            predicted = np.minimum(np.load(scores).astype(float).argmax(1), len(words))
        classes = np.loadtxt(examples.with_suffix(".labels.txt"), dtype=int)
        print(f"{examples.stem}, {pathlib.Path(model).name}\n{table(predicted, classes, words)}\n")


if __name__ == "__main__":
    main()
