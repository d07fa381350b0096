#include "mote/compiler/emit/constants.h"

#include <algorithm>
#include <span>
#include <vector>

#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {

std::string Constants::name(DType type, std::int64_t offset, std::int64_t count,
                            const std::string& wanted) {
  const auto key = std::pair{offset, type};
  auto it = arrays_.find(key);
  if (it == arrays_.end())
    it = arrays_.emplace(key, Array{arrays_.size(), names_.unique(wanted), 0}).first;
  it->second.count = std::max(it->second.count, count);
  return it->second.name;
}

std::string Constants::text() const {
  std::vector<std::string> list(arrays_.size());
  for (const auto& [key, array] : arrays_) {
    const auto [offset, type] = key;
    const auto bytes = std::span(program_.constants)
                           .subspan(static_cast<std::size_t>(offset),
                                    static_cast<std::size_t>(array.count * size_of(type)));
    list[array.order] = cat("alignas(", program::kAlignment, ") constexpr ", cpp_name(type), " ",
                            array.name, "[] = ", list_of(type, bytes), ";\n");
  }
  std::string text;
  for (const std::string& array : list) text += array;
  return text;
}

}  // namespace mote::emit
