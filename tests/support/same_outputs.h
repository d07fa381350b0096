#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "mote/compiler/compile.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/cat.h"

/// Whether two programs are one function, as far as inputs can tell.
namespace mote::tests {

/// The byte that every input of a run starts from: extremes, alternations of them, then noise.
inline std::byte probe_byte(int run, std::size_t i, std::mt19937& engine) {
  const auto alternating = [&](std::size_t period) { return i / period % 2 ? 0x7f : 0x80; };
  switch (run) {
    case 0:
      return std::byte{0x80};
    case 1:
      return std::byte{0x7f};
    case 2:
      return std::byte{0};
    case 3:
      return static_cast<std::byte>(alternating(1));
    case 4:
      return static_cast<std::byte>(alternating(3));
    case 5:
      return static_cast<std::byte>(alternating(64));
    default:
      return static_cast<std::byte>(engine());
  }
}

using Pair = std::pair<runtime::Interpreter, runtime::Interpreter>;

/// An interpreter of each.
inline Result<Pair> interpreters_of(const program::Program& left, const program::Program& right) {
  auto a = runtime::Interpreter::create(std::make_shared<const program::Program>(left));
  auto b = runtime::Interpreter::create(std::make_shared<const program::Program>(right));
  if (!a || !b) return tl::unexpected((a ? b : a).error());
  return Pair(std::move(*a), std::move(*b));
}

/// After a run of both: "" or the first output that is not the same.
inline std::string output_difference(Pair& pair, int run) {
  for (int o = 0; o < pair.first.output_count(); ++o) {
    const auto x = pair.first.output(o).bytes(), y = pair.second.output(o).bytes();
    if (!std::equal(x.begin(), x.end(), y.begin(), y.end()))
      return cat("output ", o, " differs in run ", run);
  }
  return "";
}

/// Runs both from reset on `runs` inputs, extremes first. @returns "" or the first difference.
inline std::string first_difference(const program::Program& left, const program::Program& right,
                                    int runs = 40) {
  auto pair = interpreters_of(left, right);
  if (!pair) return pair.error().message;
  auto& [a, b] = *pair;
  std::mt19937 engine(1);
  for (int run = 0; run < runs; ++run) {
    for (int i = 0; i < a.input_count(); ++i) {
      const auto bytes = a.input(i).bytes();
      for (std::size_t k = 0; k < bytes.size(); ++k) bytes[k] = probe_byte(run, k, engine);
      std::copy(bytes.begin(), bytes.end(), b.input(i).bytes().begin());
    }
    a.run(), b.run();
    if (auto text = output_difference(*pair, run); !text.empty()) return text;
  }
  return "";
}

/// Expects the model to give the same outputs with these passes and without.
inline void expect_same_outputs(const graph::Model& model, const compiler::Options& options = {}) {
  const auto plain = compiler::pass_context().lower(model);
  ASSERT_TRUE(plain) << plain.error().message;
  const auto improved = compiler::compile(model, options);
  ASSERT_TRUE(improved) << improved.error().message;
  EXPECT_EQ(first_difference(*plain, *improved), "");
}

}  // namespace mote::tests
