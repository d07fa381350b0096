"""Recordings of words and noises: who said what, in which split, as 16 kHz mono float32."""

import csv
import dataclasses
import pathlib
import zlib

import numpy as np
import soundfile

RATE_HZ = 16000
SPLITS = ("train", "valid", "test")
# Share-alike: nothing that ships is trained on these; they are heard in tests only.
NOT_FOR_TRAINING = ("CC-BY-SA",)


@dataclasses.dataclass
class Sound:
    path: str
    kind: str  # words, longspeech, noise
    word: str
    split: str
    licence: str
    samples: np.ndarray  # float32 in [-1, 1]


def read(path):
    """The samples of a WAV, FLAC or Ogg Opus file: one channel, 16 kHz."""
    samples, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    samples = samples.mean(axis=1)
    if rate != RATE_HZ:
        samples = resample(samples, len(samples) * RATE_HZ // rate)
    return np.ascontiguousarray(samples)


def resample(samples, count):
    """As many samples as `count` for the same sound, by cutting or padding its spectrum."""
    spectrum = np.fft.rfft(samples)
    return (np.fft.irfft(spectrum, count) * (count / len(samples))).astype(np.float32)


def from_index(path):
    """What an index.csv lists: columns path, kind, word, split, licence."""
    folder = pathlib.Path(path).parent
    with open(path, newline="") as file:
        return [Sound(row["path"], row["kind"], row["word"], row["split"], row["licence"],
                      read(folder / row["path"])) for row in csv.DictReader(file)]


def from_folders(folder):
    """A folder a word; a file's name up to its first '_' is its speaker, who is in one split only.

    The folders _noise_ and _speech_ hold noises and speech without the words. One speaker in ten is in
    `valid`, one in ten in `test`, by a hash of the name.
    """
    sounds = []
    kinds = {"_noise_": "noise", "_background_noise_": "noise", "_speech_": "longspeech"}
    for path in sorted(pathlib.Path(folder).glob("*/*")):
        if path.suffix.lower() not in (".wav", ".flac", ".opus", ".ogg"):
            continue
        place = zlib.crc32(path.stem.split("_")[0].encode()) % 10
        split = {0: "valid", 1: "test"}.get(place, "train")
        word = path.parent.name
        sounds.append(Sound(f"{word}/{path.name}", kinds.get(word, "words"), word, split,
                            "", read(path)))
    return sounds


def load(path):
    """Either of the two above."""
    path = pathlib.Path(path)
    if path.is_dir() and (path / "index.csv").exists():
        path = path / "index.csv"
    sounds = from_folders(path) if path.is_dir() else from_index(path)
    if not any(sound.kind == "words" for sound in sounds):
        raise SystemExit(f"{path} has no recordings of words: give a folder with a folder a word")
    return sounds


def may_train(sound):
    return sound.split == "train" and not any(name in sound.licence for name in NOT_FOR_TRAINING)
