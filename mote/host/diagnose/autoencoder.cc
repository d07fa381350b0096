#include "mote/host/diagnose/autoencoder.h"

#include <algorithm>

#include "mote/core/learn/reconstruction.h"
#include "mote/support/cat.h"

namespace mote::diagnose {
namespace {

constexpr int kMostFeatures = learn::Reconstruction<Autoencoder>::kMostFeatures;

Result<int> features_of(const runtime::Interpreter& network) {
  if (network.input_count() != 1 || network.output_count() != 1)
    return bad_input(cat("the model has ", network.input_count(), " inputs and ",
                         network.output_count(), " outputs, expected one of each: an autoencoder"));
  const auto count = [](const program::TensorInfo& t) { return t.bytes / size_of(t.type); };
  const auto& in = network.input(0).info();
  const auto& out = network.output(0).info();
  for (const auto* tensor : {&in, &out})
    if (tensor->type != DType::kInt8 && tensor->type != DType::kFloat32)
      return bad_input(
          cat("'", tensor->name, "' is ", name_of(tensor->type), ", expected INT8 or FLOAT32"));
  if (count(in) != count(out) || count(in) > kMostFeatures)
    return bad_input(cat("the model makes ", count(out), " numbers of ", count(in),
                         ", expected as many as it takes, and at most ", kMostFeatures,
                         ": the features of an axis"));
  return static_cast<int>(count(in));
}

}  // namespace

Result<Autoencoder> Autoencoder::create(runtime::Interpreter network) {
  const auto width = features_of(network);
  if (!width) return tl::unexpected(width.error());
  return Autoencoder(std::move(network), *width);
}

void Autoencoder::reconstruct(const float* z, float* out) {
  // Cannot fail: create() saw that the input has as many elements.
  (void)network_.input(0).write_real({z, static_cast<std::size_t>(width_)});
  network_.run();
  const auto made = network_.output(0).read_real();
  std::copy(made.begin(), made.end(), out);
}

Result<void> Autoencoder::check_fits(const watch::FeaturePlan& plan) const {
  if (plan.per_axis() == width_) return {};
  return bad_input(cat("the model takes ", width_, " features an axis, windows of ", plan.window,
                       " frames", plan.shaft_hz > 0 ? " with --rpm" : "", " have ", plan.per_axis(),
                       "; give --window, or a model that was trained for such windows"));
}

}  // namespace mote::diagnose
