#pragma once

#include <string>

#include "mote/compiler/emit/emit.h"

namespace mote::emit {

/// "// WHAT kws.tflite as C++ for cortex-m4 ..."
std::string first_line(const char* what, const program::Program& program, const Options& options);

/// NAME.h: how to call a network.
std::string header_text(const program::Program& program, const Options& options);

}  // namespace mote::emit
