#pragma once

#include <string_view>

namespace mote::emit {

/// The header of mote/core/kernels that has a kernel: "conv_2d.h" for "conv_2d_s8"; "" for none.
std::string_view header_of(std::string_view kernel);

/// The header of mote/core/kernels/isa that has an instruction set, and its type in mote::isa.
struct IsaHeader {
  std::string_view isa;   ///< "dsp": as Program::isa
  std::string_view file;  ///< "dsp.h"; "" for one that no microcontroller has
  std::string_view type;  ///< "Dsp"
};
IsaHeader header_of_isa(std::string_view isa);

}  // namespace mote::emit
