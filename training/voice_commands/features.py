"""What a network is given: made by the project's own C++ front end, the same as on the device."""

import ctypes
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tool():
    """The mote command."""
    return next(ROOT / build / "cli/mote" for build in ("build", "build-release")
                if (ROOT / build / "cli/mote").exists())


class FrontEnd:
    """mote/core/listen/voice_window.h through training/front_end."""

    def __init__(self, library=None):
        library = library or next((ROOT / build / "training/libmote_training_front_end.so"
                                   for build in ("build", "build-release")
                                   if (ROOT / build / "training").exists()), None)
        if library is None or not pathlib.Path(library).exists():
            raise SystemExit("the front end is not built: cmake --preset dev && "
                             "cmake --build build --target mote_training_front_end")
        self._c = ctypes.CDLL(str(library))
        self.bands = self._c.mote_voice_bands()

    def energies(self, samples):
        """[samples] -> [frames, bands]: magnitudes."""
        samples = np.ascontiguousarray(samples, np.float32)
        out = np.empty((self._c.mote_voice_frames(len(samples)), self.bands), np.float32)
        self._c.mote_voice_energies(samples.ctypes.data_as(ctypes.c_void_p), len(samples),
                                    out.ctypes.data_as(ctypes.c_void_p))
        return out

    def cepstra(self, samples):
        """One second -> [49, 10, 1]: what MLPerf Tiny's keyword models take."""
        samples = np.ascontiguousarray(samples, np.float32)
        out = np.empty((49, 10, 1), np.float32)
        self._c.mote_cepstral_features(samples.ctypes.data_as(ctypes.c_void_p),
                                       out.ctypes.data_as(ctypes.c_void_p))
        return out

    def normalize(self, energies):
        """[clips, frames, bands] -> features of the same shape."""
        out = np.array(energies, np.float32, order="C")
        pointer = out.ctypes.data_as(ctypes.c_void_p)
        self._c.mote_voice_normalize(pointer, out.shape[0], out.shape[1], pointer)
        return out


def disturb(energies, random):
    """Other voices and microphones: time and frequency stretched, a gain a band, highs cut off.

    Vocal tract length perturbation (Jaitly and Hinton 2013) and tempo in one step. [clips, frames, bands].
    """
    clips, frames, bands = energies.shape

    def uniform(low, high):
        return torch.from_numpy(random.uniform(low, high, clips).astype(np.float32))

    x = torch.from_numpy(energies.astype(np.float32))[:, None]
    place = torch.zeros(clips, 2, 3)
    place[:, 0, 0], place[:, 0, 2] = uniform(0.9, 1.1), uniform(-0.05, 0.05)
    place[:, 1, 1], place[:, 1, 2] = uniform(0.87, 1.13), uniform(-0.06, 0.06)
    grid = F.affine_grid(place, x.shape, align_corners=True)
    x = F.grid_sample(x, grid, align_corners=True, padding_mode="border")[:, 0]
    knots = torch.from_numpy(random.normal(0, 4, (clips, 1, 6)).astype(np.float32))
    gain_db = F.interpolate(knots, bands, mode="linear", align_corners=True)
    cut = random.integers(24, bands, clips) + bands * (random.random(clips) >= 0.15)
    is_cut = torch.arange(bands)[None] >= torch.from_numpy(cut)[:, None]
    gain_db = gain_db - 40 * is_cut[:, None] + uniform(-10, 10)[:, None, None]
    return (x * 10 ** (gain_db / 20)).numpy()


def mask(features, random):
    """Two stretches of time and two of frequency become the mean (Park et al. 2019, SpecAugment)."""
    clips, frames, bands = features.shape

    def stretches(size, longest):
        start, length = random.integers(0, size, (clips, 1)), random.integers(0, longest, (clips, 1))
        place = np.arange(size)[None]
        return (place >= start) & (place < start + length)

    for _ in range(2):
        hidden = stretches(frames, 7)[:, :, None] | stretches(bands, 6)[:, None, :]
        features = np.where(hidden, features.mean((1, 2), keepdims=True), features)
    return features
