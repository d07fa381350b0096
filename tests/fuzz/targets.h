#pragma once

#include <cstddef>
#include <span>

/// What the fuzzers do with an input, for the replay of old findings too. Any bytes must come back
/// from here: without a crash, within a second, within a few hundred megabytes.
namespace mote::fuzz {

/// Reads a model; one that is read must satisfy graph::verify, and be the same when it is written
/// and read again.
void read(std::span<const std::byte> file);

/// Reads an ONNX model; one that is read must satisfy graph::verify. Runs it as run() does.
void read_onnx(std::span<const std::byte> file);

/// Reads and compiles a model, and runs it on every instruction set of this CPU, unless that would
/// take more memory or time than a fuzzer has.
void run(std::span<const std::byte> file);

}  // namespace mote::fuzz
