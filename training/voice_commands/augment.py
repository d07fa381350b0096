"""What happens to a word between a mouth and a microphone, at random."""

import numpy as np

import sounds

WINDOW = sounds.RATE_HZ  # one second


def change_speed(samples, factor):
    """Faster and higher for a factor above one, as a tape would be."""
    places = np.arange(0, len(samples) - 1, factor)
    return np.interp(places, np.arange(len(samples)), samples).astype(np.float32)


def place(samples, random, slack=0.12):
    """One second with the sound in it: whole where it fits, else around its loudest part."""
    out = np.zeros(WINDOW, np.float32)
    room = WINDOW - len(samples)
    reach = int(slack * sounds.RATE_HZ)
    if room > 2 * reach:
        start = int(random.integers(0, room + 1))
    else:
        start = room // 2 + int(random.integers(-reach, reach + 1))
    begin, end = max(0, start), min(WINDOW, start + len(samples))
    out[begin:end] = samples[begin - start:end - start]
    return out


def reverberate(samples, random):
    """A room: an exponential tail of noise behind the direct sound, its first echoes sparse."""
    seconds = random.uniform(0.08, 0.6)  # until it is 60 dB down
    count = int(seconds * sounds.RATE_HZ)
    response = random.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    early = int(0.02 * sounds.RATE_HZ)
    response[:early] *= random.random(early) < 0.05
    response *= 10 ** (random.uniform(-18, -2) / 20) / np.sqrt(np.sum(response ** 2) + 1e-12)
    response[0] = 1
    size = 1 << (len(samples) + count).bit_length()
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(response, size), size)
    return wet[:len(samples)].astype(np.float32)


def coloured_noise(count, random):
    """Noise whose power falls by 0 to 9 dB an octave."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    spectrum *= np.maximum(np.arange(len(spectrum)), 20.0) ** -random.uniform(0, 1.5)
    noise = np.fft.irfft(spectrum, count)
    return (noise / (np.std(noise) + 1e-9)).astype(np.float32)


def excerpt(samples, count, random):
    """`count` samples from somewhere in a recording, repeated where it is too short."""
    if len(samples) < count:
        samples = np.tile(samples, count // len(samples) + 1)
    start = int(random.integers(0, len(samples) - count + 1))
    return samples[start:start + count]


def some_noise(noises, speech, random):
    """A second of what else may be heard, of any loudness."""
    kind = random.random()
    if kind < 0.55:
        return excerpt(noises[random.integers(len(noises))], WINDOW, random)
    if kind < 0.8 or not speech:
        return coloured_noise(WINDOW, random)
    babble = sum(excerpt(speech[random.integers(len(speech))], WINDOW, random)
                 for _ in range(int(random.integers(3, 7))))
    return babble.astype(np.float32)


def mix(samples, noise, snr_db):
    """samples + noise, the noise `snr_db` below the samples in power over the second."""
    power = np.mean(samples ** 2) + 1e-12
    noise_power = np.mean(noise ** 2) + 1e-12
    return samples + noise * np.sqrt(power / noise_power * 10 ** (-snr_db / 10)).astype(np.float32)


def heard(samples, noises, speech, random):
    """One second of a recording of a word as a microphone may have heard it."""
    if random.random() < 0.8:
        samples = change_speed(samples, random.uniform(0.85, 1.18))
    return in_a_room(place(samples, random), noises, speech, random)


def in_a_room(samples, noises, speech, random):
    """That second with the room's echoes, what else sounds there, and any loudness."""
    if random.random() < 0.4:
        samples = reverberate(samples, random)
    if random.random() < 0.75:
        samples = mix(samples, some_noise(noises, speech, random), random.uniform(0, 25))
    return samples * np.float32(10 ** (random.uniform(-18, 6) / 20))


def blend(one, other, random):
    """A second that is between two words: both at once, or the start of one and the end of the other."""
    one, other = (place(change_speed(word, random.uniform(0.85, 1.18)), random) for word in (one, other))
    if random.random() < 0.5:
        share = random.beta(1, 1)
    else:
        middle, steepness = random.uniform(0.3, 0.7), random.uniform(10, 60)
        share = 1 / (1 + np.exp(steepness * (np.arange(WINDOW) / WINDOW - middle)))
    loudness = np.sqrt(np.mean(one ** 2) / (np.mean(other ** 2) + 1e-12) + 1e-12)
    return (share * one + (1 - share) * loudness * other).astype(np.float32)


def only_noise(noises, random):
    """One second in which nobody speaks."""
    if random.random() < 0.1:
        noise = np.zeros(WINDOW, np.float32)
    elif random.random() < 0.7:
        noise = excerpt(noises[random.integers(len(noises))], WINDOW, random)
    else:
        noise = coloured_noise(WINDOW, random)
    level = 10 ** (random.uniform(-70, -20) / 20)
    return (noise * (level / (np.std(noise) + 1e-6))).astype(np.float32)
