#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mote/program/program.h"
#include "mote/support/result.h"

/// From a Program to C++ for a machine without operating system: calls and constants, no
/// interpreter, no heap.
namespace mote::emit {

/// What a network does with some inputs, which the emitted code can check itself by.
struct Vectors {
  std::vector<std::vector<std::byte>> inputs;   ///< of each input
  std::vector<std::vector<std::byte>> outputs;  ///< of each output
  /// After each call, of the bytes that it writes: mote::checksum(). Nothing for calls on floats,
  /// whose last bits depend on the machine.
  std::vector<std::optional<std::uint32_t>> checksums;
};

/// How much of a call its kernel is compiled for.
enum class Shapes : std::uint8_t {
  kStatic,   ///< attributes and shapes of each call are compile-time constants
  kDynamic,  ///< calls that differ in numbers only share one instantiation
  kAuto,     ///< those share that gain flash and lose little time
};

struct Options {
  std::string name;             ///< of the files: an identifier
  std::string name_space = "";  ///< identifiers joined by "::"; empty: name
  Shapes shapes = Shapes::kAuto;
  std::string target;           ///< a Target's name, for the comment
  std::string version;          ///< mote's, for the comment
  std::optional<Vectors> test;  ///< writes self_test()
  bool watch = false;           ///< writes run_watched()
};

/// A file to write.
struct File {
  std::string name;  ///< "kws.h"
  std::string text;
};

/// A machine that there is code for.
struct Target {
  const char* name;   ///< "cortex-m4"
  const char* isa;    ///< whose kernels: as Program::isa
  const char* flags;  ///< for GCC: the processor, and how much to optimise
};

/// What GCC is to be told on every machine. Sums may wrap, and are not to be contracted with
/// products: results would depend on the machine.
inline constexpr const char* kFlags =
    "-std=c++20 -fno-exceptions -fno-rtti -fwrapv -ffp-contract=off";

std::span<const Target> all_targets();
/// nullptr where there is none of that name.
const Target* find_target(std::string_view name);

/// NAME.h and NAME.cc: C++20 that needs the headers of mote/core, and those of the C++ compiler
/// that every machine has. Constants are constexpr, so that they stay in flash; memory is the
/// caller's. The same program and options give the same bytes.
///
/// @returns kUsage for a name that no namespace can have; kUnsupported for a program with kernels
/// that only hosts have.
Result<std::vector<File>> emit(const program::Program& program, const Options& options);

}  // namespace mote::emit
