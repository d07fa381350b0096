// Every operator against the outputs that the reference kernels gave for the same models and
// inputs.

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "mote/compiler/compile.h"
#include "mote/compiler/model/tflite.h"
#include "mote/compiler/ops/op.h"
#include "mote/dispatch/kernel_table.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/golden/case.h"
#include "tests/golden/compare.h"

namespace mote::tests {
namespace {

/// Runs a case as a user would: through the file format, the compiler and the interpreter.
Result<runtime::Interpreter> prepare(const Case& c, std::string_view isa, int threads) {
  auto file = model::write_tflite(c.model);
  if (!file) return tl::unexpected(file.error());
  auto model =
      model::read_tflite(std::make_shared<const std::vector<std::byte>>(std::move(*file)), c.name);
  if (!model) return tl::unexpected(model.error());
  auto program = compiler::compile(
      *model, {.isa = std::string(isa), .threads = threads, .split_all = threads > 1});
  if (!program) return tl::unexpected(program.error());
  return runtime::Interpreter::create(
      std::make_shared<const program::Program>(std::move(*program)));
}

/// Consumes the front of `bytes`.
std::span<const std::byte> take(std::span<const std::byte>& bytes, std::size_t count) {
  const auto front = bytes.first(std::min(count, bytes.size()));
  bytes = bytes.subspan(front.size());
  return front;
}

/// Runs all of the case's inputs and compares each output; "" or the first difference.
std::string run_and_compare(const Case& c, const Vector& vector, std::string_view isa,
                            int threads) {
  auto interpreter = prepare(c, isa, threads);
  if (!interpreter) return interpreter.error().message;
  std::span<const std::byte> inputs = c.inputs, expected = vector.outputs;
  for (int run = 0; run == 0 || !inputs.empty(); ++run) {
    for (int i = 0; i < interpreter->input_count(); ++i) {
      const auto target = interpreter->input(i).bytes();
      const auto source = take(inputs, target.size());
      if (source.size() != target.size()) return "the case's inputs end in the middle of a run";
      std::copy(source.begin(), source.end(), target.begin());
    }
    interpreter->run();
    for (int o = 0; o < interpreter->output_count(); ++o) {
      const auto port = interpreter->output(o);
      const std::string text =
          difference(port.info().type, port.bytes(), take(expected, port.bytes().size()), 1e-5);
      if (!text.empty()) return cat("run ", run, " output ", o, ": ", text);
    }
    if (interpreter->input_count() == 0) break;
  }
  return expected.empty() ? "" : "the reference gave more outputs";
}

class OperatorFamily : public testing::TestWithParam<Family> {};

TEST_P(OperatorFamily, GivesTheReferencesOutputs) {
  const Family family = GetParam();
  const auto bytes = read_file(cat(MOTE_SOURCE_DIR, "/tests/golden/vectors/", family.name, ".vec"));
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto vectors = unpack(*bytes);
  ASSERT_TRUE(vectors) << vectors.error().message;
  std::map<std::string, Vector> by_name;
  for (const Vector& v : *vectors) by_name[v.name] = v;
  for (const Case& c : family.make()) {
    const auto it = by_name.find(c.name);
    ASSERT_NE(it, by_name.end()) << c.name << " has no reference outputs: see README.md";
    ASSERT_EQ(it->second.fingerprint, fingerprint(c))
        << c.name << " has changed since the reference ran: see README.md";
    for (const auto* table : dispatch::available_tables())
      for (const int threads : {1, 3})
        EXPECT_EQ(run_and_compare(c, it->second, table->isa, threads), "")
            << c.name << " on " << table->isa << ", " << threads << " threads";
  }
}

INSTANTIATE_TEST_SUITE_P(Golden, OperatorFamily,
                         testing::ValuesIn(families().begin(), families().end()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SupportTable, ClaimsNothingThatNoCaseShows) {
  std::set<std::string> shown;
  for (const Family& family : families())
    for (const Case& c : family.make())
      for (const graph::Graph& graph : c.model.graphs)
        for (const graph::Node& node : graph.nodes) shown.insert(cat(node.op, " ", c.label));
  for (const ops::Op* op : ops::all_ops())
    for (const ops::Signature& signature : op->signatures) {
      if (signature.label == "hybrid") continue;  // not in this reference: conv tests and models
      EXPECT_TRUE(shown.count(cat(op->tflite_name, " ", signature.label)))
          << op->tflite_name << " claims " << signature.label;
    }
}

}  // namespace
}  // namespace mote::tests
