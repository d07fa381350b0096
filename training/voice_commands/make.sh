#!/usr/bin/env bash
# Makes models/voice_commands anew, in a few hours on two cores:
#   training/voice_commands/make.sh DATA WORK
# DATA as train.py has it; networks, logs and the models' files are left in WORK.
set -euo pipefail
cd "$(dirname "$0")/../.."
data=$1 work=$2
mkdir -p "$work"
train=training/voice_commands/train.py
mote=build/cli/mote

# A wider network, one of the size that ships, and the latter once more with the former as teacher.
$train "$data" "$work/wide" "--pool=$work/pool.npz" --widths=40,80,112 --steps=7000 --rate=5e-3 --rounded-steps=0
$train "$data" "$work/small" "--pool=$work/pool.npz" --steps=16000 --rounded-steps=0
$train "$data" "$work/final" "--pool=$work/pool.npz" "--start=$work/small" "--teacher=$work/wide" \
  --steps=5000 --rate=2e-3
"$mote" quantize "$work/final/float.onnx" "--data=$work/final/calibration.npy" \
  "--out=$work/voice_commands.tflite"
training/voice_commands/report.py "$work/final" "$work/voice_commands.tflite"
