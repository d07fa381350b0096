#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "mote/compiler/emit/names.h"
#include "mote/program/program.h"

namespace mote::emit {

/// A program's constants as arrays, each named by the first who uses it.
class Constants {
 public:
  Constants(const program::Program& program, Names& names) : program_(program), names_(names) {}

  /// The name of the array of at least `count` elements at an offset; `wanted` if it is new.
  std::string name(DType type, std::int64_t offset, std::int64_t count, const std::string& wanted);

  /// All arrays, in the order of their first use.
  std::string text() const;

 private:
  struct Array {
    std::size_t order;
    std::string name;
    std::int64_t count;
  };
  const program::Program& program_;
  Names& names_;
  std::map<std::pair<std::int64_t, DType>, Array> arrays_;
};

}  // namespace mote::emit
