#pragma once

#include <span>

#include "mote/compiler/emit/bundle.h"

/// Files of the source that are part of this program, so that it needs none of them where it is
/// installed. Paths are those of the source.
namespace mote::cli {

/// The headers of mote/core that emitted code can need, and the licence.
std::span<const emit::SourceFile> embedded_files();

/// What runs emitted code on a board: firmware/, and the script that does it.
std::span<const emit::SourceFile> embedded_firmware();

/// The network that `mote listen` runs where none is named, and its labels: models/voice_commands.
std::span<const emit::SourceFile> embedded_voice_commands();

}  // namespace mote::cli
