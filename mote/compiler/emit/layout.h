#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/compiler/emit/emit.h"

namespace mote::emit {

/// What a build system wants around sources to take them as a module, library or component.
struct Layout {
  const char* name;    ///< "zephyr"
  const char* reader;  ///< who takes it: "Zephyr, as a module"
};

std::span<const Layout> all_layouts();
/// nullptr where there is none of that name.
const Layout* find_layout(std::string_view name);

struct LayoutOptions {
  std::string name;     ///< of the network: as Options::name
  std::string version;  ///< mote's
  std::string optimize = "-O2";
};

/// `files`, which are NAME.h, NAME.cc and the headers they include, moved to where the build system
/// looks for them, with the descriptors that it reads. What they say of flags is what emitted code
/// needs; the processor is the build system's to know.
std::vector<File> laid_out(const Layout& layout, std::vector<File> files,
                           const LayoutOptions& options);

}  // namespace mote::emit
