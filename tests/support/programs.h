#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

#include "mote/compiler/compile.h"
#include "mote/host/runtime/interpreter.h"
#include "tests/support/graph_builder.h"

/// From a graph built in code to what a test looks at.
namespace mote::tests {

/// The compiled program; the test fails where there is none.
inline program::Program program_of(const graph::Model& model,
                                   const compiler::Options& options = {}) {
  compiler::with_gru();
  auto program = compiler::compile(model, options);
  EXPECT_TRUE(program) << program.error().message;
  return program ? std::move(*program) : program::Program();
}
inline program::Program program_of(const GraphBuilder& b, const compiler::Options& options = {}) {
  return program_of(b.build(), options);
}

/// What runs it; the test fails where the machine cannot.
inline runtime::Interpreter interpreter_of(const graph::Model& model,
                                           const compiler::Options& options = {}) {
  auto interpreter = runtime::Interpreter::create(
      std::make_shared<const program::Program>(program_of(model, options)));
  EXPECT_TRUE(interpreter) << interpreter.error().message;
  return std::move(*interpreter);
}
inline runtime::Interpreter interpreter_of(const GraphBuilder& b,
                                           const compiler::Options& options = {}) {
  return interpreter_of(b.build(), options);
}

/// What compiling says against it; "" where nothing.
inline std::string error_of(const GraphBuilder& b) {
  const auto program = compiler::compile(b.build());
  return program ? "" : program.error().message;
}

}  // namespace mote::tests
