// Networks as PyTorch exports them, against what PyTorch computes: training/export_test_models.py
// made the files of tests/onnx.

#include <gmock/gmock.h>

#include <cmath>
#include <cstring>

#include "mote/compiler/onnx/import.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "tests/support/programs.h"

namespace mote::onnx {
namespace {

std::vector<float> floats_of(const std::string& path) {
  const auto bytes = mote::read_file(path);
  EXPECT_TRUE(bytes) << bytes.error().message;
  std::vector<float> values(bytes ? bytes->size() / sizeof(float) : 0);
  if (!values.empty()) std::memcpy(values.data(), bytes->data(), values.size() * sizeof(float));
  return values;
}

/// [N, C, ...] of `dims` (channels last already) put in that order.
std::vector<float> channels_last(const std::vector<float>& values, const std::vector<int>& dims) {
  const auto channels = static_cast<std::size_t>(dims.back()), places = values.size() / channels;
  std::vector<float> out(values.size());
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < places; ++p) out[p * channels + c] = values[c * places + p];
  return out;
}

enum class Order : std::uint8_t { kAsItIs, kChannelsLast };
struct Exported {
  const char* name;
  Order order = Order::kChannelsLast;  ///< of the input
};

class ExportedNetworks : public testing::TestWithParam<Exported> {};

TEST_P(ExportedNetworks, GiveWhatPyTorchGives) {
  const auto [name, order] = GetParam();
  const std::string stem = cat(MOTE_SOURCE_DIR, "/tests/onnx/", name);
  const auto file = mote::read_file(stem + ".onnx");
  ASSERT_TRUE(file) << file.error().message;
  auto model = read_onnx(*file, name);
  ASSERT_TRUE(model) << model.error().message;
  auto network = tests::interpreter_of(*model);
  auto values = floats_of(stem + ".in.bin");
  if (order == Order::kChannelsLast) values = channels_last(values, network.input(0).info().shape);
  const auto in = network.input(0).as<float>();
  ASSERT_TRUE(in) << in.error().message;
  ASSERT_EQ(in->size(), values.size());
  std::copy(values.begin(), values.end(), in->begin());
  network.run();
  const auto made = network.output(0).read_real();
  const auto expected = floats_of(stem + ".out.bin");
  ASSERT_EQ(made.size(), expected.size());
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_NEAR(made[i], expected[i], 1e-4f) << i;
}

INSTANTIATE_TEST_SUITE_P(All, ExportedNetworks,
                         testing::Values(Exported{"autoencoder", Order::kAsItIs},
                                         Exported{"ds_cnn"}, Exported{"gru", Order::kAsItIs},
                                         Exported{"lstm", Order::kAsItIs}, Exported{"mobilenet_v2"},
                                         Exported{"resnet8"}, Exported{"tc_resnet"},
                                         Exported{"transformer", Order::kAsItIs},
                                         Exported{"unet_1d"}),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace mote::onnx
