#include "mote/compiler/onnx/converters.h"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace mote::onnx {

const Converter* find_converter(const Node& node) {
  if (!node.domain.empty() && node.domain != "ai.onnx") return nullptr;
  for (const auto list :
       {element_converters(), gelu_converters(), window_converters(), matrix_converters(),
        image_converters(), movement_converters(), normalize_converters(), quantized_converters(),
        recurrent_converters(), reduce_converters(), resize_converters()})
    for (const Converter& converter : list)
      if (converter.op == node.op) return &converter;
  return nullptr;
}

std::string hint_for(const Node& node) {
  constexpr std::string_view kDynamic[] = {"ConvInteger",           "DynamicQuantizeLSTM",
                                           "DynamicQuantizeLinear", "DynamicQuantizeMatMul",
                                           "MatMulInteger",         "MatMulIntegerToFloat"};
  if (std::find(std::begin(kDynamic), std::end(kDynamic), node.op) != std::end(kDynamic))
    return "; its scales are found as it runs: quantise with fixed ones (onnxruntime's "
           "quantize_static)";
  if (!node.domain.empty() && node.domain != "ai.onnx")
    return "; it is of '" + node.domain + "', not of the standard: export without it";
  if (node.op == "Loop" || node.op == "If" || node.op == "Scan")
    return "; control flow is not read: export with fixed sizes (torch.jit.trace, no loops)";
  return "; replace it by others, or leave what follows it to the program";
}

}  // namespace mote::onnx
