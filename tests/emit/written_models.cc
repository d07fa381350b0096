// Writes models that golden cases do not have, for golden_family.sh and board_family.sh to compile:
//
//     mote_written_models write DIR FAMILY
//
// FAMILY is first_layers, of forms whose rows microcontrollers may expand, or image_networks, of a
// few layers each, which can run in bands of rows.

#include <filesystem>
#include <iostream>
#include <string>

#include "mote/compiler/model/tflite.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/support/image_networks.h"
#include "tests/support/layers.h"
#include "tests/support/programs.h"

namespace mote::tests {
namespace {

struct FirstLayer {
  std::vector<int> in;  ///< [batch, height, width, depth]
  int channels, filter_h, filter_w, stride_h = 1, stride_w = 1;
  bool same_padding = true;
};

/// Pairs one and three words apart; pixels that do and do not fill groups; an odd number of
/// channels; rows of an odd number of inputs; rings that end anywhere; nothing outside.
const FirstLayer kLayers[] = {
    {.in = {1, 49, 40, 1},
     .channels = 8,
     .filter_h = 10,
     .filter_w = 8,
     .stride_h = 2,
     .stride_w = 2},
    {.in = {2, 24, 32, 3},
     .channels = 8,
     .filter_h = 3,
     .filter_w = 3,
     .stride_h = 2,
     .stride_w = 2},
    {.in = {1, 30, 15, 1}, .channels = 5, .filter_h = 3, .filter_w = 3, .stride_w = 2},
    {.in = {1, 21, 30, 3}, .channels = 3, .filter_h = 2, .filter_w = 5, .stride_w = 2},
    {.in = {2, 33, 11, 2}, .channels = 1, .filter_h = 4, .filter_w = 1, .stride_h = 3},
    {.in = {1, 25, 19, 1},
     .channels = 6,
     .filter_h = 5,
     .filter_w = 16,
     .stride_w = 2,
     .same_padding = false},
    {.in = {1, 40, 27, 2},
     .channels = 7,
     .filter_h = 1,
     .filter_w = 7,
     .stride_h = 4,
     .stride_w = 3},
    {.in = {1, 32, 26, 3},
     .channels = 4,
     .filter_h = 5,
     .filter_w = 4,
     .stride_w = 2,
     .same_padding = false},
};

int outputs(int size, int taps, int stride, bool same_padding) {
  return same_padding ? (size + stride - 1) / stride : (size - taps) / stride + 1;
}

graph::Model model_of(const FirstLayer& layer, bool relu, Random& random) {
  GraphBuilder b;
  const int depth = layer.in[3];
  const std::vector<int> shape = {layer.channels, layer.filter_h, layer.filter_w, depth};
  std::vector<float> scales;
  std::vector<std::int32_t> biases;
  for (int c = 0; c < layer.channels; ++c) {
    scales.push_back(0.001f * static_cast<float>(random.pick(1, 40)));
    biases.push_back(random.pick(-20000, 20000));
  }
  const int in = b.input(DType::kInt8, layer.in, Quant(0.25f, random.pick(-128, 127)));
  const int filter = b.constant(random.symmetric_bytes(count(shape)), shape, Quant(scales, 0));
  const int bias = b.constant(biases, {layer.channels}, Quant(0.0025f, 0));
  const int out = b.value(
      DType::kInt8,
      {layer.in[0], outputs(layer.in[1], layer.filter_h, layer.stride_h, layer.same_padding),
       outputs(layer.in[2], layer.filter_w, layer.stride_w, layer.same_padding), layer.channels},
      Quant(0.5f, relu ? -128 : random.pick(-128, 127)));
  b.node("CONV_2D", {in, filter, bias}, {out},
         {{"padding", std::int64_t{layer.same_padding ? 0 : 1}},
          {"stride_w", std::int64_t{layer.stride_w}},
          {"stride_h", std::int64_t{layer.stride_h}},
          {"fused_activation_function", std::int64_t{relu}}});
  b.output(out);
  return b.build();
}

std::vector<graph::Model> first_layers() {
  std::vector<graph::Model> models;
  Random random(11);
  for (const FirstLayer& layer : kLayers)
    for (const bool relu : {false, true})  // one rounding is enough where none is negative
      models.push_back(model_of(layer, relu, random));
  return models;
}

std::vector<graph::Model> image_networks() {
  std::vector<graph::Model> models = {wide_net().b.build()};
  constexpr unsigned kNetworks = 4;
  for (unsigned seed = 1; seed <= kNetworks; ++seed)
    for (DType type : {DType::kInt8, DType::kInt16, DType::kFloat32})
      models.push_back(random_net(type, seed).b.build());
  return models;
}

Result<void> write(const std::string& folder, const std::string& family) {
  std::filesystem::create_directories(folder);
  int number = 0;
  for (const graph::Model& model : family == "first_layers" ? first_layers() : image_networks()) {
    const auto file = model::write_tflite(model);
    MOTE_TRY(file);
    MOTE_TRY(write_file(cat(folder, "/", family, "_", number++, ".tflite"), *file));
  }
  return {};
}

}  // namespace
}  // namespace mote::tests

int main(int argc, char** argv) {
  const std::string family = argc == 4 ? argv[3] : "";
  if (family != "first_layers" && family != "image_networks") {
    std::cerr << "usage: mote_written_models write DIR first_layers|image_networks\n";
    return 2;
  }
  const auto result = mote::tests::write(argv[2], family);
  if (result) return 0;
  std::cerr << result.error().message << "\n";
  return 1;
}
