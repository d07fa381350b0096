#!/bin/sh
# Runs what mote writes with TensorFlow Lite, or ONNX Runtime:
#   against.sh tflite|onnx MOTE SOURCE FOLDER MODEL...
# FOLDER gets the files. With `--shared` in place of models: those of the evaluation material, on
# their examples. 77, skipped, where node, its package or the material is not there.
set -eu
kind=$1 mote=$2 source=$3 folder=$4
shift 4
case $kind in
  tflite) at=tflite/node_modules/@tensorflow/tfjs-tflite ;;
  onnx) at=peer/node_modules/onnxruntime-node ;;
esac
package=
for place in "$source"/build*/$at; do
  if [ -d "$place" ]; then package=$place; fi
done
if ! command -v node >/dev/null || [ -z "$package" ]; then
  echo "skipped: needs node and $at; script/setup bench installs it"
  exit 77
fi
if [ "${1-}" = --shared ]; then
  shared=${MOTE_SHARED:-$source/../shared}
  if [ ! -d "$shared/models" ]; then
    echo "skipped: needs the evaluation material's models"
    exit 77
  fi
  EXAMPLES=$shared/golden
  export EXAMPLES
  shift
  for model in "$shared"/models/*.tflite; do
    case $model in
      */audio_preprocessor*) ;; # operators that TensorFlow Lite for Microcontrollers alone has
      *) set -- "$@" "$model" ;;
    esac
  done
fi
mkdir -p "$folder"
if [ "$kind" = tflite ] && [ -z "${EXAMPLES-}" ]; then
  mkdir -p "$folder/made"
  "$mote" quantize "$source/tests/onnx/lstm.onnx" "--data=$source/tests/onnx/lstm.in.bin" --keep-state \
    "--out=$folder/made/lstm_int8.tflite" >/dev/null
  set -- "$@" "$folder/made/lstm_int8.tflite"
fi
exec node "$(dirname "$0")/against_$kind.js" "$package" "$mote" "$folder" "$@"
