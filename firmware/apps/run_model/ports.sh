#!/usr/bin/env bash
# Writes, from the header of emitted code, where the network's tensors lie, in the order of files:
#     ports.sh < network.h > ports.h
set -euo pipefail
awk '
  /^\/\/\/ / { is_uint8 = /in the model.s file 128 more/ ? "true" : "false" }
  /^struct (Input|Output)[0-9]* \{$/ { port = $2; name = "network::" $2; offset = row = "0" }
  / kOffset = / { offset = name "::kOffset" }
  / kRows = / { row = name "::kRowElements * int{sizeof(" name "::Type)}" }
  /^\};$/ {
    line = "    {" offset ", " name "::kElements * int{sizeof(" name "::Type)}, " row ", " is_uint8 ", is_float<" name "::Type>},\n"
    if (port ~ /^Input/) inputs = inputs line; else outputs = outputs line
  }
  END {
    print "#pragma once\n\n#include \"network.h\"\n"
    print "template <class T>\nconstexpr bool is_float = false;\ntemplate <>\nconstexpr bool is_float<float> = true;\n"
    print "struct Port {\n  int offset, bytes;\n  int row_bytes;  ///< of an input that is read in rows; else 0\n  bool is_uint8, is_float;\n};\n"
    print "constexpr Port kInputs[] = {\n" inputs "};\nconstexpr Port kOutputs[] = {\n" outputs "};"
  }'
