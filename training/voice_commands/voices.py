"""Words as Debian's espeak-ng says them: speakers that nobody had to record."""

import io
import subprocess

import numpy as np
import soundfile

import sounds

ACCENTS = ["en-gb", "en-us", "en-gb-scotland", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029"]
TIMBRES = ["", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "f1", "f2", "f3", "f4", "f5", "klatt",
           "klatt2", "klatt3", "klatt4", "Andy", "Annie", "Gene", "Jacky", "Lee", "Mario", "Michael",
           "Denis", "Diogo", "Hugo", "Marcelo", "Pedro", "Steph", "Tweaky", "rob", "edward", "max",
           "linda", "belinda", "victor", "quincy", "aunty", "iven", "john", "kaukovalta", "miguel",
           "norbert", "paul", "sandro", "shelby", "steph2", "steph3", "zac", "boris", "caleb", "david"]

# Words that are none of the commands, some of them close: what `unknown` is made of.
OTHER_WORDS = """zero one two three four five six seven eight nine ten eleven twelve hundred bed bird cat dog
happy house tree wow marvin sheila backward forward follow learn visual computer alexa jarvis hello
goodbye please thanks water coffee music light kitchen window door table chair morning evening night
today tomorrow never always maybe sure okay fine great small large open close start play pause next
back turn red green blue white black apple bread money people number power quick slow fast call name
note snow low show toe doe dough goat goal gone gown core cold cup cop cap tap top pop stoop
stock stuff step stamp shop drop slop yet yell yarn guess chess less lift loft laugh lend
rate ride ripe rye light bright fight brown town noun dawn done dumb don't doll duck of cough
often awful offer own an in and arm awe all oven under upper pup hub app oath hop hope gather
yesterday yeah yep nope nose none nah new now knock nod wine run rung wrong lawn""".split()


def say(word, accent, timbre, words_a_minute, pitch, gap):
    voice = f"{accent}+{timbre}" if timbre else accent
    wav = subprocess.run(["espeak-ng", "-v", voice, "-s", str(words_a_minute), "-p", str(pitch), "-g",
                          str(gap), "--stdout", word], capture_output=True, check=True).stdout
    samples, rate = soundfile.read(io.BytesIO(wav), dtype="float32")
    loud = np.flatnonzero(np.abs(samples) > 0.005)
    if len(loud) == 0:
        return None
    samples = samples[max(0, loud[0] - 400):loud[-1] + 800]
    return sounds.resample(samples, len(samples) * sounds.RATE_HZ // rate)


def utterances(word, count, random):
    """`count` utterances of a word, as samples."""
    said = []
    while len(said) < count:
        samples = say(word.replace("_", " "), random.choice(ACCENTS), random.choice(TIMBRES),
                      int(random.integers(110, 230)), int(random.integers(10, 90)), 0)
        if samples is not None and len(samples) < 1.3 * sounds.RATE_HZ:
            said.append(samples)
    return said
