#!/usr/bin/python3
"""Trains a network that hears a few words, and writes it as ONNX for `mote quantize`.

    training/voice_commands/train.py DATA OUT [--words=yes,no,...]      (script/setup training)

DATA is a folder with a folder of recordings a word, or one with an index.csv (sounds.py). Written are
OUT/float.onnx, OUT/calibration.npy and .labels.txt for the quantisation, OUT/test*.npy and labels for the
report, OUT/labels.txt, and OUT/report.txt. Seeds are fixed: the same machine makes the same network.
"""

import argparse
import copy
import pathlib
import time

import numpy as np
import torch
from torch import nn

import features
import network
import pool as pools
import quantized
import report
import sounds

WORDS = "yes,no,up,down,left,right,on,off,stop,go"


def parse():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("data")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--words", default=WORDS, help="separated by commas")
    parser.add_argument("--steps", type=int, default=25000, help="of 128 examples each")
    parser.add_argument("--rounded-steps", type=int, default=1500, help="fine-tuning as int8; 0: none")
    parser.add_argument("--rate", type=float, default=6e-3, help="the highest learning rate")
    parser.add_argument("--widths", default="20,40,64", help="channels of the three stages")
    parser.add_argument("--start", type=pathlib.Path, help="OUT of a network to go on from")
    parser.add_argument("--teacher", type=pathlib.Path, action="append", default=[],
                        help="OUT of a wider network to learn from, too; several: from their mean")
    parser.add_argument("--published", type=pathlib.Path,
                        help="a .tflite for MLPerf Tiny's features that knows the words, to learn from, too")
    parser.add_argument("--published-labels", type=pathlib.Path, help="its classes, one a line")
    parser.add_argument("--blends", action="store_true",
                        help="sounds between two words, too, of which only teachers can say what they are")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--front-end", help="libmote_training_front_end.so")
    parser.add_argument("--pool", type=pathlib.Path, help="keep the prepared sounds in this file")
    return parser.parse_args()


class Average:
    """An exponential average of a network's weights (Polyak and Juditsky 1992)."""

    def __init__(self, net):
        self.net, self.steps = copy.deepcopy(net), 0

    def update(self, net):
        self.steps += 1
        keep = min(0.998, self.steps / (self.steps + 20))
        with torch.no_grad():
            for mine, new in zip(self.net.state_dict().values(), net.state_dict().values()):
                if mine.dtype.is_floating_point:
                    mine.mul_(keep).add_(new, alpha=1 - keep)
                else:
                    mine.copy_(new)


def images_last(x):
    return x.contiguous(memory_format=torch.channels_last)


def loss_of(scores, classes, taught):
    known = classes != pools.UNSURE
    loss = nn.functional.cross_entropy(scores[known], classes[known], label_smoothing=0.05)
    if taught is None:
        return loss
    # Hinton, Vinyals and Dean 2015.
    return 0.3 * loss + 0.7 * nn.functional.cross_entropy(scores, taught)


def teach(x, classes, said, teachers):
    """Probabilities [n, classes]: the teachers' mean, and what the published network says.

    That counts 0.45 where it is right, and a tenth where it is not: in noise it often is not. Where nobody knows
    what is right, it counts 0.45, too.
    """
    taught = None
    if teachers:
        with torch.no_grad():
            taught = sum(torch.softmax(teacher(x), -1) for teacher in teachers) / len(teachers)
    if said.shape[1] == 0:
        return taught
    unsure = classes == pools.UNSURE
    share = torch.where((said.argmax(1) == classes) | unsure, 0.45, 0.1)[:, None]
    if taught is None:
        taught = nn.functional.one_hot(classes.clamp(min=0), said.shape[1]).float()
        taught[unsure] = said[unsure]
    return share * said + (1 - share) * taught


def optimize(net, steps, rate, warm_up, draw, teachers, check):
    """AdamW with one cycle of the learning rate; @returns the average of the weights."""
    average = Average(net)
    optimizer = torch.optim.AdamW(net.parameters(), rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, total_steps=steps,
                                                   pct_start=warm_up)
    began = time.time()
    for step in range(1, steps + 1):
        net.train()
        x, classes, said = map(torch.from_numpy, draw())
        x = images_last(x[:, None])
        loss = loss_of(net(x), classes, teach(x, classes, said, teachers))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update(net)
        if step % 1000 == 0 or step == steps:
            print(f"step {step}, {time.time() - began:.0f} s, loss {float(loss.detach()):.3f}, "
                  f"{check(average.net)}", flush=True)
    return average.net


def prepare(options, words, recordings, front_end):
    if options.pool and options.pool.exists():
        kept = np.load(options.pool)
        return pools.Pool(**kept)
    published = options.published and (
        str(options.published), options.published_labels.read_text().split())
    made = pools.make(recordings, words, front_end, options.seed, published, options.blends)
    if options.pool:
        np.savez(options.pool, **vars(made))
    return made


def load(folder, classes):
    """The network that a training left in its OUT."""
    kept = torch.load(folder / "network.pt")
    net = network.VoiceCommands(classes, kept["widths"])
    net.load_state_dict(kept["weights"])
    return net.eval().to(memory_format=torch.channels_last)


def save_examples(folder, name, x, classes):
    np.save(folder / f"{name}.npy", x[..., None].astype(np.float32))
    (folder / f"{name}.labels.txt").write_text("".join(f"{c}\n" for c in classes))


def write(options, words, plain, tests, draw):
    """The network as ONNX, and what `mote quantize` and the report are given."""
    out = options.out
    with_softmax = nn.Sequential(plain, nn.Softmax(-1)).eval()
    torch.onnx.export(with_softmax, torch.zeros(1, 1, 49, 40), str(out / "float.onnx"),
                      opset_version=13, input_names=["features"], output_names=["scores"])
    (out / "labels.txt").write_text("\n".join(words + ["unknown", "silence"]) + "\n")
    x, classes, _ = draw(2000)
    known = np.flatnonzero(classes != pools.UNSURE)[:1000]
    save_examples(out, "calibration", x[known], classes[known])
    lines = []
    for name, examples in tests.items():
        save_examples(out, name, examples.features, examples.classes)
        predicted = report.predictions(plain, examples.features, words)
        lines += [f"{name}, float", report.table(predicted, examples.classes, words), ""]
    (out / "report.txt").write_text("\n".join(lines))
    print("\n".join(lines))


def main():
    options = parse()
    words = options.words.split(",")
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    front_end = features.FrontEnd(options.front_end)
    recordings = sounds.load(options.data)
    pool = prepare(options, words, recordings, front_end)
    print(f"{len(pool.classes)} versions of sounds to train on", flush=True)

    conditions = {"clean": None, "noise_10_db": 10}
    has_noise = any(s.kind == "noise" and s.split == "test" for s in recordings)
    tests, valid = {}, {}
    for name, snr_db in conditions.items():
        if snr_db is None or has_noise:
            tests[f"test_{name}"] = report.Examples(recordings, "test", words, front_end, snr_db)
            valid[name] = report.Examples(recordings, "valid", words, front_end, snr_db)

    def check(net):
        return ", ".join(
            f"{name} {100 * report.balanced(report.predictions(net, e.features, words), e.classes, words):.1f} %"
            for name, e in valid.items())

    def draw(count=128, masked=True):
        return pools.batch(pool, count, front_end, random, masked)

    widths = tuple(int(w) for w in options.widths.split(","))
    net = network.VoiceCommands(len(words) + 2, widths).to(memory_format=torch.channels_last)
    if options.start:
        net = load(options.start, len(words) + 2)
    teachers = [load(folder, len(words) + 2) for folder in options.teacher]
    net = optimize(net, options.steps, options.rate, 0.2, draw, teachers, check)
    torch.save({"widths": net.widths, "weights": net.state_dict()}, options.out / "network.pt")
    rounded = quantized.Rounded(net).to(memory_format=torch.channels_last)
    if options.rounded_steps > 0:
        print("rounding as int8 does", flush=True)
        rounded = optimize(rounded, options.rounded_steps, options.rate / 20, 0.1, draw, teachers, check)
    write(options, words, rounded.as_float(), tests, lambda count: draw(count, masked=False))


if __name__ == "__main__":
    main()
