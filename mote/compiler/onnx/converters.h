#pragma once

#include <span>
#include <string>

#include "mote/compiler/onnx/importer.h"

/// The operators that the importer knows: one explicit table, from the files of this folder.
namespace mote::onnx {

std::span<const Converter> element_converters();  ///< element by element
std::span<const Converter> gelu_converters();
std::span<const Converter> window_converters();    ///< convolutions and pools
std::span<const Converter> matrix_converters();    ///< products of matrices
std::span<const Converter> image_converters();     ///< heights and widths
std::span<const Converter> movement_converters();  ///< what moves elements
std::span<const Converter> normalize_converters();
std::span<const Converter> quantized_converters();  ///< between reals and integers
std::span<const Converter> recurrent_converters();
std::span<const Converter> reduce_converters();  ///< along axes
std::span<const Converter> resize_converters();

/// nullptr where there is none.
const Converter* find_converter(const Node& node);
/// "; export it with ..." for operators that are known and not read.
std::string hint_for(const Node& node);

}  // namespace mote::onnx
