#!/usr/bin/env bash
# Makes models/voice_commands anew, in a few hours on two cores:
#   training/voice_commands/make.sh DATA WORK PUBLISHED.tflite PUBLISHED_LABELS
# DATA as train.py has it; PUBLISHED is MLPerf Tiny's kws_ref_model.tflite (Apache-2.0), from which the last
# steps learn, too. Networks, reports and the model's files are left in WORK.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1 work=$2 published=$3 labels=$4
mkdir -p "$work"
train() {
  training/voice_commands/train.py "$data" "$work/$1" --rounded-steps=0 "${@:2}"
}
mote=build/cli/mote

# A wider network and one as deep, to learn from, and the latter with fewer channels as the one that ships.
# Rounded to int8 it loses nothing, so that no fine-tuning for it is needed.
train wide "--pool=$work/pool.npz" --widths=40,80,112 --steps=7000 --rate=5e-3
train small "--pool=$work/pool.npz" --steps=16000
training/voice_commands/prune.py "$work/small" "$work/small60" 60
published=("--published=$published" "--published-labels=$labels")
train taught "--pool=$work/taught.npz" "${published[@]}" "--start=$work/small60" "--teacher=$work/wide" \
  "--teacher=$work/small" --steps=4000 --rate=3e-3
# Patience with teachers: also on sounds of which nobody but they can say what they are.
train final "--pool=$work/blended.npz" --blends "${published[@]}" "--start=$work/taught" "--teacher=$work/taught" \
  "--teacher=$work/small" --steps=18000 --rate=3e-3
"$mote" quantize "$work/final/float.onnx" "--data=$work/final/calibration.npy" \
  "--labels=$work/final/calibration.labels.txt" --ranges=percentile "--out=$work/voice_commands.tflite"
training/voice_commands/report.py "$work/final" "$work/voice_commands.tflite"
