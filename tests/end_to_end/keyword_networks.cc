#include "tests/end_to_end/keyword_networks.h"

#include <cstdint>

#include "mote/compiler/model/tflite.h"
#include "tests/support/graph_builder.h"

namespace mote::tests {

std::string keyword_network(const KeywordNetwork& shape) {
  std::int32_t features = 1;
  for (int d : shape.input) features *= d;
  // The first coefficient of the middle frame is -123 for silence; -100 is the border.
  std::vector<float> weights(static_cast<std::size_t>(features * shape.classes));
  std::vector<float> bias(static_cast<std::size_t>(shape.classes));
  weights[features / 490 * 240] = 0.5f;
  bias[0] = 50.0f;

  GraphBuilder builder;
  const int in = builder.input(DType::kFloat32, shape.input);
  const int flat = builder.value(DType::kFloat32, {1, features});
  const int size = builder.constant(std::vector<std::int32_t>{1, features}, {2});
  builder.node("RESHAPE", {in, size}, {flat});
  const int filter = builder.constant(weights, {shape.classes, features});
  const int biases = builder.constant(bias, {shape.classes});
  const int logits = builder.value(DType::kFloat32, {1, shape.classes});
  builder.node("FULLY_CONNECTED", {flat, filter, biases}, {logits});
  int out = logits;
  if (shape.softmax) {
    out = builder.value(DType::kFloat32, {1, shape.classes});
    builder.node("SOFTMAX", {logits}, {out}, {{"beta", 1.0f}});
  }
  builder.output(out);
  const auto bytes = model::write_tflite(builder.build());
  if (!bytes) return bytes.error().message;
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

}  // namespace mote::tests
