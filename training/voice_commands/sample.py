#!/usr/bin/python3
"""Writes a recording in which espeak-ng says commands and other words, to try a network on.

    training/voice_commands/sample.py OUT.flac
"""

import sys

import numpy as np
import soundfile

import augment
import sounds
import voices

# What is said, and by which voice.
SAID = [("yes", "en-us", "f3"), ("water", "en-gb", "m3"), ("left", "en-gb", "m3"),
        ("down", "en-us", "f2"), ("music", "en-us", "f3"), ("go", "en-gb-x-rp", "m7")]


def main():
    random = np.random.default_rng(7)
    parts = [np.zeros(12000, np.float32)]
    for word, accent, timbre in SAID:
        said = voices.say(word, accent, timbre, 150, 50, 0)
        parts += [0.3 * said / np.abs(said).max(), np.zeros(11000, np.float32)]
    samples = np.concatenate(parts)
    samples += 0.0005 * augment.coloured_noise(len(samples), random)
    soundfile.write(sys.argv[1], samples, sounds.RATE_HZ, subtype="PCM_16")


if __name__ == "__main__":
    main()
