#!/usr/bin/env bash
# Makes models/voice_commands anew, in a few hours on two cores:
#   training/voice_commands/make.sh DATA WORK PUBLISHED.tflite PUBLISHED_LABELS
# DATA as train.py has it; PUBLISHED is MLPerf Tiny's kws_ref_model.tflite (Apache-2.0), from which is learned,
# too. Networks, logs and the models' files are left in WORK.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1 work=$2
mkdir -p "$work"
train() {
  training/voice_commands/train.py "$data" "$work/$1" "--pool=$work/pool.npz" "--published=$published" \
    "--published-labels=$labels" "${@:2}"
}
published=$3 labels=$4
mote=build/cli/mote

# A wider network and one of the same depth, both to learn from, and the latter with fewer channels as
# the one that ships.
train wide --widths=40,80,112 --steps=7000 --rate=5e-3 --rounded-steps=0
train small --steps=16000 --rounded-steps=0
training/voice_commands/prune.py "$work/small" "$work/small60" 60
train final "--start=$work/small60" "--teacher=$work/wide" "--teacher=$work/small" --steps=4000 --rate=3e-3 \
  --rounded-steps=700
"$mote" quantize "$work/final/float.onnx" "--data=$work/final/calibration.npy" \
  "--labels=$work/final/calibration.labels.txt" "--out=$work/voice_commands.tflite"
training/voice_commands/report.py "$work/final" "$work/voice_commands.tflite"
