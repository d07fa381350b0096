#include "tests/end_to_end/cli_models.h"

#include <stdexcept>

#include "mote/compiler/model/tflite.h"

namespace mote::tests {
namespace {

std::string little_endian(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

int dense_layer(GraphBuilder& builder, int input) {
  const int filter =
      builder.constant<std::int8_t>({1, 2, 3, 4, -1, 0, 0, 1, 0, 0, 0, 1}, {3, 4}, {1.0f, 0});
  const int bias = builder.constant<std::int32_t>({10, 100, 0}, {3}, {1.0f, 0});
  const int output = builder.value(DType::kInt8, {1, 3}, {1.0f, 1});
  builder.node("FULLY_CONNECTED", {input, filter, bias}, {output});
  return output;
}

}  // namespace

std::string write_model(const TemporaryFolder& folder, const std::string& name,
                        const graph::Model& model) {
  const auto bytes = model::write_tflite(model);
  if (!bytes) throw std::runtime_error(bytes.error().message);
  return folder.write(name, {reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

graph::Model dense_model() {
  GraphBuilder builder;
  builder.output(dense_layer(builder, builder.input(DType::kInt8, {1, 4}, {1.0f, 0})));
  return builder.build();
}

graph::Model identity_model(DType type, std::vector<int> shape, Quant quant) {
  GraphBuilder builder;
  int count = 1;
  for (int dimension : shape) count *= dimension;
  const int input = builder.input(type, std::move(shape), quant);
  const int to = builder.constant<std::int32_t>({count}, {1});
  const int output = builder.value(type, {count}, quant);
  builder.node("RESHAPE", {input, to}, {output});
  builder.output(output);
  return builder.build();
}

graph::Model two_inputs_model() {
  GraphBuilder builder;
  const int first = builder.input(DType::kInt8, {1, 2}, {0.5f, 0});
  const int second = builder.input(DType::kInt8, {1, 3}, {0.5f, 0});
  for (const auto& [input, count] : {std::pair(first, 2), std::pair(second, 3)}) {
    const int to = builder.constant<std::int32_t>({count}, {1});
    const int output = builder.value(DType::kInt8, {count}, {0.5f, 0});
    builder.node("RESHAPE", {input, to}, {output});
    builder.output(output);
  }
  return builder.build();
}

graph::Model unsupported_model() {
  GraphBuilder builder;
  const int dense = dense_layer(builder, builder.input(DType::kInt8, {1, 4}, {1.0f, 0}));
  const int segments = builder.constant<std::int32_t>({0}, {1});
  const int sums = builder.value(DType::kInt8, {1, 3}, {1.0f, 1});
  builder.node("SEGMENT_SUM", {dense, segments}, {sums});
  const int row = builder.value(DType::kInt8, {3}, {1.0f, 1});
  const int indices = builder.value(DType::kInt32, {3});
  builder.node("UNIQUE", {sums}, {row, indices});
  builder.output(row);
  return builder.build();
}

std::string npy_header(const std::string& descr, const std::string& shape,
                       const std::string& fortran_order) {
  return "{'descr': '" + descr + "', 'fortran_order': " + fortran_order + ", 'shape': " + shape +
         ", }";
}

std::string npy(const std::string& header, const std::string& data) {
  return std::string("\x93NUMPY\1\0", 8) +
         little_endian(static_cast<std::uint32_t>(header.size() + 1), 2) + header + "\n" + data;
}

std::string bmp(int width, int height, const std::string& pixels) {
  return "BM" + little_endian(static_cast<std::uint32_t>(54 + pixels.size()), 4) +
         little_endian(0, 4) + little_endian(54, 4) + little_endian(40, 4) +
         little_endian(static_cast<std::uint32_t>(width), 4) +
         little_endian(static_cast<std::uint32_t>(height), 4) + little_endian(1, 2) +
         little_endian(24, 2) + std::string(24, '\0') + pixels;
}

graph::Model model_with_a_dead_channel() {
  GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 2}, {1.0f, 0});
  const int middle = b.value(DType::kInt8, {1, 3}, {1.0f, 0});
  const int out = b.value(DType::kInt8, {1, 1}, {8.0f, 0});
  b.node("FULLY_CONNECTED",
         {in, b.constant(std::vector<std::int8_t>{1, 2, 0, 0, 3, 4}, {3, 2}, {1.0f, 0}),
          b.constant(std::vector<std::int32_t>{0, 5, 0}, {3}, {1.0f, 0})},
         {middle});
  b.node(
      "FULLY_CONNECTED",
      {middle, b.constant(std::vector<std::int8_t>{1, 1, 1}, {1, 3}, {1.0f, 0}), graph::kNoTensor},
      {out});
  b.output(out);
  return b.build();
}

}  // namespace mote::tests
