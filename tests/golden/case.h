#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "tests/support/graph_builder.h"

/// Operators against the reference: small models made in code, whose outputs TensorFlow Lite
/// Micro's reference kernels computed once (see README.md in this folder).
namespace mote::tests {

/// One model and what it is run on. Inputs of several runs stand one after another; state is kept
/// from one run to the next.
struct Case {
  std::string name;   ///< a file's name: letters, digits, '_' and '-'
  std::string label;  ///< the mote::ops::Signature it shows: "int8", "float32"; "" for none
  graph::Model model;
  std::vector<std::byte> inputs;
};

/// The same numbers on every machine and compiler, unlike the distributions of <random>.
class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  /// Uniform in [low, high].
  int integer(int low, int high);
  /// Uniform in [low, high), with 24 random bits.
  float real(float low, float high);
  /// `count` elements of T over [low, high].
  template <class T>
  std::vector<T> integers(std::size_t count, int low, int high) {
    std::vector<T> values(count);
    for (T& value : values) value = static_cast<T>(integer(low, high));
    return values;
  }
  std::vector<float> reals(std::size_t count, float low, float high);

 private:
  std::mt19937 engine_;
};

/// Inputs for `runs` runs of the model's first subgraph: first all elements at their type's
/// smallest value, then all at the largest, then random ones (integers over their whole range,
/// floats in
/// [-range, range], where smallest and largest are -range and range; indices and such are up to the
/// caller).
std::vector<std::byte> make_inputs(const graph::Model& model, Random& random, int runs,
                                   float range = 4);

/// Several runs' inputs written out by hand: each span is one tensor's bytes.
std::vector<std::byte> join_inputs(std::initializer_list<std::span<const std::byte>> parts);

/// One family of operators: a file in cases/ that makes the cases, a file in vectors/ with the
/// outputs.
struct Family {
  const char* name;
  std::vector<Case> (*make)();
};
/// Every family; the list stands in families.cc.
std::span<const Family> families();

/// A number that changes whenever the case's model or inputs do.
std::uint64_t fingerprint(const Case& c);

/// What the reference gave for one case.
struct Vector {
  std::string name;
  std::uint64_t fingerprint = 0;
  std::vector<std::byte> outputs;  ///< of all runs, one after another
};
std::vector<std::byte> pack(const std::vector<Vector>& vectors);
Result<std::vector<Vector>> unpack(std::span<const std::byte> bytes);

}  // namespace mote::tests
