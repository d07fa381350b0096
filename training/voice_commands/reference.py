"""A published keyword network as a teacher: what it says of each version of a sound.

It has heard many more speakers than a small collection has; what it takes for what is worth learning.
"""

import pathlib
import subprocess
import tempfile

import numpy as np

import features

# How its silence and unknown are called; its other labels are words.
NO_WORDS = {"silence": "silence", "_silence_": "silence", "unknown": "unknown", "_unknown_": "unknown"}


def shares(model, labels, cepstra, words):
    """[n, 49, 10, 1] -> [n, words + unknown + silence]: probabilities in the order of training's classes.

    Words that are not among `words` count as unknown; words that it does not know get nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        given, made = pathlib.Path(folder) / "in.npy", pathlib.Path(folder) / "out.npy"
        np.save(given, cepstra)
        subprocess.run([features.tool(), "run", model, f"--input={given}", f"--output={made}"],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        scores = np.load(made)
    if scores.dtype == np.int8:  # a softmax: 256 steps
        scores = (scores.astype(np.float32) + 128) / 256
    out = np.zeros((len(scores), len(words) + 2), np.float32)
    for column, label in enumerate(labels):
        name = NO_WORDS.get(label, label)
        place = {"unknown": len(words), "silence": len(words) + 1}.get(
            name, words.index(name) if name in words else len(words))
        out[:, place] += scores[:, column]
    return out / out.sum(1, keepdims=True)
