#pragma once

#include <string_view>

namespace mote::emit {

/// The header of mote/core/kernels that has a kernel: "conv_2d.h" for "conv_2d_s8"; "" for none.
std::string_view header_of(std::string_view kernel);

}  // namespace mote::emit
