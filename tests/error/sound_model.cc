#include "tests/error/sound_model.h"

#include "tests/support/graph_builder.h"

namespace mote::tests {

graph::Model sound_model() {
  GraphBuilder b;
  const Quant per_channel({0.5f, 0.25f}, 0);
  const int in = b.input(DType::kInt8, {1, 4, 4, 1}, Quant(0.5f, 3));
  const int filter = b.constant(std::vector<std::int8_t>(18, 1), {2, 3, 3, 1}, per_channel);
  const int bias = b.constant(std::vector<std::int32_t>{10, 20}, {2}, per_channel);
  const int conv = b.value(DType::kInt8, {1, 2, 2, 2}, Quant(0.5f, 3));
  const int shape = b.constant(std::vector<std::int32_t>{1, 8}, {2});
  const int out = b.value(DType::kInt8, {1, 8}, Quant(0.5f, 3));
  b.node("CONV_2D", {in, filter, bias}, {conv},
         {{"padding", std::int64_t{1}},
          {"stride_w", std::int64_t{1}},
          {"stride_h", std::int64_t{1}},
          {"fused_activation_function", std::int64_t{1}}});
  b.node("RESHAPE", {conv, shape}, {out}, {{"new_shape", std::vector<std::int64_t>{1, 8}}});
  b.output(out);
  const char* names[] = {"in", "filter", "bias", "conv", "shape", "out"};
  for (int i = 0; i < 6; ++i) b.graph().tensors[i].name = names[i];
  return b.build();
}

}  // namespace mote::tests
