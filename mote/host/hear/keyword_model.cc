#include "mote/host/hear/keyword_model.h"

#include <cmath>
#include <optional>

#include "mote/support/cat.h"

namespace mote::hear {
namespace {

/// int8 softmax has steps of 1/256 a class; more than this is no rounding.
constexpr float kLargestSumError = 0.2f;

std::string text_of(const program::TensorInfo& tensor) {
  std::string dims;
  for (int d : tensor.shape) dims += cat(dims.empty() ? "" : ",", d);
  return cat(name_of(tensor.type), " [", dims, "] '", tensor.name, "'");
}

bool is_int8_or_float(const program::TensorInfo& tensor) {
  return tensor.type == DType::kInt8 || tensor.type == DType::kFloat32;
}

std::optional<FrontEnd> front_end_of(const std::vector<int>& input_shape) {
  using Shape = std::vector<int>;
  if (input_shape == Shape{1, 49, 40, 1} || input_shape == Shape{1, 1, 49, 40})
    return FrontEnd::kVoice;
  if (input_shape == Shape{1, 49, 10, 1}) return FrontEnd::kCepstral;
  return std::nullopt;
}

Result<FrontEnd> check_input(const runtime::Interpreter& network) {
  const auto expected = cat(
      "expected one input, INT8 or FLOAT32: [1,49,40,1], 49 frames of 40 bands as the project's "
      "own models take, or [1,49,10,1], 49 frames of 10 coefficients as MLPerf Tiny's do");
  if (network.input_count() != 1)
    return bad_input(cat("the model has ", network.input_count(), " inputs, ", expected));
  const program::TensorInfo& input = network.input(0).info();
  const auto front_end = front_end_of(input.shape);
  if (!is_int8_or_float(input) || !front_end)
    return bad_input(cat("the model's input is ", text_of(input), ", ", expected));
  return *front_end;
}

Result<void> check_output(const runtime::Interpreter& network, const Labels& labels) {
  if (network.output_count() != 1)
    return bad_input(
        cat("the model has ", network.output_count(), " outputs, expected one: a score a label"));
  const program::TensorInfo& output = network.output(0).info();
  if (!is_int8_or_float(output))
    return bad_input(cat("the model's output is ", text_of(output), ", expected INT8 or FLOAT32"));
  const auto scores = output.bytes / size_of(output.type);
  if (scores != labels.count())
    return bad_input(cat("the model has ", scores, " classes, the list of labels has ",
                         labels.count(), "; give one label a line, in the order of the outputs"));
  return {};
}

}  // namespace

Result<KeywordModel> KeywordModel::create(runtime::Interpreter network, Labels labels) {
  const auto front_end = check_input(network);
  if (!front_end) return tl::unexpected(front_end.error());
  MOTE_TRY(check_output(network, labels));
  return KeywordModel(std::move(network), *front_end, std::move(labels));
}

void KeywordModel::classify(const float* features, float* scores) {
  // Cannot fail: create() saw that the input has as many elements.
  const auto& input = network_.input(0).info();
  (void)network_.input(0).write_real(
      {features, static_cast<std::size_t>(input.bytes / size_of(input.type))});
  network_.run();
  float sum = 0.0f;
  for (float score : network_.output(0).read_real()) {
    *scores++ = std::isfinite(score) ? score : 0.0f;
    sum += score;
  }
  if (!(std::abs(sum - 1.0f) <= std::abs(worst_sum_ - 1.0f))) worst_sum_ = sum;
}

Result<void> KeywordModel::check_scores() const {
  if (std::abs(worst_sum_ - 1.0f) <= kLargestSumError) return {};
  return bad_input(cat("the model's scores add up to ", worst_sum_,
                       ", expected 1; give a model that ends in a softmax"));
}

}  // namespace mote::hear
