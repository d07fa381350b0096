"""Many versions of every recording, as band energies: what training draws its batches from."""

import collections
import dataclasses
import multiprocessing
import os

import numpy as np

import augment
import features
import reference
import sounds
import voices

_shared = {}
UNSURE = -1


@dataclasses.dataclass
class Pool:
    energies: np.ndarray  # float16 [n, frames, bands]
    classes: np.ndarray   # [n]; UNSURE: only teachers can say
    weights: np.ndarray   # [n], how often each is to be drawn; sums to one
    reference: np.ndarray  # [n, classes], what a published network says; [n, 0] without one

    def draw(self, count, random):
        """Places of `count` sounds."""
        chosen = np.searchsorted(self._sums(), random.random(count))
        return np.minimum(chosen, len(self.classes) - 1)

    def _sums(self):
        if not hasattr(self, "_cumulative"):
            self._cumulative = np.cumsum(self.weights)
        return self._cumulative


@dataclasses.dataclass
class Job:
    seed: int
    group: tuple  # class, real or not
    samples: object  # None: a stretch of speech; "noise": nobody speaks; "blend": between two words
    versions: int


def _versions(job):
    random = np.random.default_rng(job.seed)
    noises, speech, front_end = _shared["noises"], _shared["speech"], _shared["front_end"]
    energies, cepstra = [], []
    for _ in range(job.versions):
        kind = job.samples if isinstance(job.samples, str) else "word"
        if kind == "noise":
            heard = augment.only_noise(noises, random)
        elif kind == "blend":
            words = _shared["words"]
            one, other = (words[random.integers(len(words))] for _ in range(2))
            heard = augment.in_a_room(augment.blend(one, other, random), noises, speech, random)
        else:
            samples = job.samples
            if samples is None:
                samples = augment.excerpt(speech[random.integers(len(speech))], augment.WINDOW, random)
            heard = augment.heard(samples, noises, speech, random)
        energies.append(front_end.energies(heard).astype(np.float16))
        if _shared["reference"]:
            cepstra.append(front_end.cepstra(heard))
    return np.stack(energies), np.array(cepstra, np.float32)


def _jobs(recordings, words, random, blends):
    unknown, silence = len(words), len(words) + 1
    jobs = []

    def add(group, samples, versions):
        jobs.append(Job(len(jobs), group, samples, versions))

    for sound in recordings:
        if sound.kind == "words" and sounds.may_train(sound):
            known = words.index(sound.word) if sound.word in words else unknown
            add((known, "real"), sound.samples, 30)
    for word in words:
        for said in voices.utterances(word, 150, random):
            add((words.index(word), "made"), said, 6)
    for word in voices.OTHER_WORDS:
        if word not in words:
            for said in voices.utterances(word, 8, random):
                add((unknown, "made"), said, 6)
    if _shared["speech"]:
        for _ in range(600):
            add((unknown, "speech"), None, 15)
    for _ in range(300):
        add((silence, "noise"), "noise", 20)
    if blends:
        for _ in range(1500):
            add((UNSURE, "blend"), "blend", 30)
    return jobs


# How often a batch has each: a word counts one.
SHARES = {"real": 0.8, "made": 0.2, "speech": 0.6, "noise": 0.6, "blend": 5.0}
UNKNOWN_SHARES = {"real": 1.2, "made": 0.9}


def make(recordings, words, front_end, seed, published=None, blends=False):
    """All versions of what may be trained on, and of words and noises made for the purpose.

    `published`: the file of a network and its labels, to ask what each version is. `blends`: sounds
    between two words, too, of which only teachers can say what they are (Beyer et al. 2022, "Knowledge
    distillation: A good teacher is patient and consistent").
    """
    _shared["front_end"], _shared["reference"] = front_end, published is not None
    for name, kind in (("noises", "noise"), ("speech", "longspeech")):
        _shared[name] = [s.samples for s in recordings if s.kind == kind and sounds.may_train(s)]
    if not _shared["noises"]:
        _shared["noises"] = [augment.coloured_noise(10 * sounds.RATE_HZ, np.random.default_rng(seed))]
    jobs = _jobs(recordings, words, np.random.default_rng(seed), blends)
    _shared["words"] = [job.samples for job in jobs if isinstance(job.samples, np.ndarray)]
    with multiprocessing.Pool(os.cpu_count()) as workers:
        made = workers.map(_versions, jobs, chunksize=20)
    groups = [job.group for job, (versions, _) in zip(jobs, made) for _ in versions]
    sizes = collections.Counter(groups)
    shares = {group: (UNKNOWN_SHARES if group[0] == len(words) else {}).get(
        group[1], SHARES[group[1]]) for group in sizes}
    weights = np.array([shares[group] / sizes[group] for group in groups])
    said = np.zeros((len(groups), 0), np.float32)
    if published:
        cepstra = np.concatenate([cepstra for _, cepstra in made])
        said = reference.shares(*published, cepstra, words)
    return Pool(np.concatenate([energies for energies, _ in made]),
                np.array([group[0] for group in groups]), weights / weights.sum(), said)


def batch(pool, count, front_end, random, masked=True):
    """Features [count, frames, bands] as float32, classes, and what the published network says."""
    chosen = pool.draw(count, random)
    drawn = front_end.normalize(features.disturb(pool.energies[chosen], random))
    drawn = (features.mask(drawn, random) if masked else drawn).astype(np.float32)
    return drawn, pool.classes[chosen], pool.reference[chosen]
