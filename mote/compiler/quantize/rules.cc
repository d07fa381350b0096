#include "mote/compiler/quantize/rules.h"

#include <algorithm>

namespace mote::quantize {
namespace {

using enum Kind;

constexpr bool kInt8Only = false;

/// The whole list. An operator that is not here stays in floats: TensorFlow Lite has no quantised
/// form of it. (That is so of DIV, too, which mote could compute.) GRU is mote's alone.
constexpr Rule kRules[] = {
    {"ABS"},
    {"ADD"},
    {"ARG_MAX", kIndex, kInt8Only},
    {"ARG_MIN", kIndex, kInt8Only},
    {"AVERAGE_POOL_2D", kSame},
    {"BATCH_MATMUL"},
    {"BATCH_TO_SPACE_ND", kSame, kInt8Only},
    {"BROADCAST_TO", kSame},
    {"CONCATENATION", kSame},
    {"CONV_2D", kWeighted},
    {"DEPTHWISE_CONV_2D", kWeighted},
    {"DEPTH_TO_SPACE", kSame, kInt8Only},
    {"ELU", kFree, kInt8Only},
    {"EXPAND_DIMS", kSame},
    {"FULLY_CONNECTED", kWeighted},
    {"GATHER", kSame, kInt8Only},
    {"GATHER_ND", kSame, kInt8Only},
    {"GELU", kFree, kInt8Only},
    {"GRU"},
    {"HARD_SWISH", kFree, kInt8Only},
    {"L2_NORMALIZATION", kFixed, kInt8Only, 128, 0},
    {"LEAKY_RELU"},
    {"LOGISTIC", kFixed, true, 256, -128},
    {"LOG_SOFTMAX", kFixed, kInt8Only, 16, 127},
    {"MAXIMUM", kSame},
    {"MAX_POOL_2D", kSame},
    {"MEAN"},
    {"MINIMUM", kSame},
    {"MIRROR_PAD", kSame, kInt8Only},
    {"MUL"},
    {"PACK", kSame},
    {"PAD", kSame},
    {"PADV2", kSame},
    {"PRELU", kFree, kInt8Only},
    {"REDUCE_MAX", kSame, kInt8Only},
    {"REDUCE_MIN", kSame, kInt8Only},
    {"RELU"},
    {"RELU6", kSame},
    {"RESHAPE", kSame},
    {"RESIZE_BILINEAR", kSame, kInt8Only},
    {"RESIZE_NEAREST_NEIGHBOR", kSame},
    {"REVERSE_V2", kSame},
    {"RSQRT", kFree, kInt8Only},
    {"SLICE", kSame},
    {"SOFTMAX", kFixed, true, 256, -128},
    {"SPACE_TO_BATCH_ND", kSame, kInt8Only},
    {"SPACE_TO_DEPTH", kSame, kInt8Only},
    {"SPLIT", kSame},
    {"SPLIT_V", kSame},
    {"SQUARED_DIFFERENCE"},
    {"SQUEEZE", kSame},
    {"STRIDED_SLICE", kSame},
    {"SUB"},
    {"SUM"},
    {"TANH", kFixed, true, 128, 0},
    {"TRANSPOSE", kSame},
    {"TRANSPOSE_CONV", kWeighted},
    {"UNIDIRECTIONAL_SEQUENCE_LSTM"},
    {"UNPACK", kSame},
};

}  // namespace

const Rule* find_rule(std::string_view op) {
  const auto* it = std::find_if(std::begin(kRules), std::end(kRules),
                                [&](const Rule& rule) { return rule.op == op; });
  return it == std::end(kRules) ? nullptr : it;
}

std::optional<Parameters> fixed_output(const Rule& rule, DType type) {
  if (rule.kind != kFixed) return std::nullopt;
  if (type == DType::kInt16) return Parameters{.type = type, .scale = 1.0f / 32768};
  return Parameters{
      .type = type, .scale = 1.0f / static_cast<float>(rule.steps), .zero_point = rule.zero_point};
}

}  // namespace mote::quantize
