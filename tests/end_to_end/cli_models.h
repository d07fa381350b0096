#pragma once

#include <string>
#include <vector>

#include "tests/end_to_end/program.h"
#include "tests/support/graph_builder.h"

/// Small models for tests of the command line, as files, and what goes into them.
namespace mote::tests {

/// The model as a .tflite file in `folder`. @returns its path.
std::string write_model(const TemporaryFolder& folder, const std::string& name,
                        const graph::Model& model);

/// INT8 [1, 4] -> FULLY_CONNECTED -> INT8 [1, 3]. All scales are 1, the output's zero point is 1:
/// out = {in . {1, 2, 3, 4} + 10, in . {-1, 0, 0, 1} + 100, in . {0, 0, 0, 1}} + 1.
graph::Model dense_model();

/// One RESHAPE: the output has the input's elements in one row.
graph::Model identity_model(DType type, std::vector<int> shape, Quant quant = {});

/// Two inputs, INT8 [1, 2] and INT8 [1, 3]; two RESHAPEs to outputs [2] and [3].
graph::Model two_inputs_model();

/// FULLY_CONNECTED, then the operators SEGMENT_SUM and UNIQUE, which mote does not have.
graph::Model unsupported_model();

/// The bytes of numbers, as raw files have them.
template <class T>
std::string raw(const std::vector<T>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(T)};
}

/// A .npy file as NumPy writes it, with any header that a test wants.
std::string npy(const std::string& header, const std::string& data);
/// The header of an array in C order: npy_header("|i1", "(1, 4)").
std::string npy_header(const std::string& descr, const std::string& shape,
                       const std::string& fortran_order = "False");

/// A 24-bit .bmp of `width` x `height` pixels with the given bytes (rows from the bottom, padded).
std::string bmp(int width, int height, const std::string& pixels);

/// [1, 2] -> FULLY_CONNECTED to 3, of which the middle one's filter is zero -> FULLY_CONNECTED
/// to 1.
graph::Model model_with_a_dead_channel();

}  // namespace mote::tests
