#pragma once

#include <span>

#include "mote/compiler/emit/bundle.h"

namespace mote::cli {

/// The headers of mote/core that emitted code can need, and the licence: part of this program, so
/// that it can write them wherever it is installed.
std::span<const emit::SourceFile> embedded_files();

}  // namespace mote::cli
