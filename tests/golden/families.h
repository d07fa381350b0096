#pragma once

#include <vector>

#include "tests/golden/case.h"

/// One function a file in cases/.
namespace mote::tests {

std::vector<Case> activation_cases();
std::vector<Case> conversion_cases();
std::vector<Case> elementwise_cases();
std::vector<Case> matrix_convolution_cases();
std::vector<Case> matrix_product_cases();
std::vector<Case> matrix_recurrent_cases();
std::vector<Case> shape_cases();
std::vector<Case> movement_cases();
std::vector<Case> reduction_cases();
std::vector<Case> lookup_cases();
std::vector<Case> rearrange_cases();
std::vector<Case> uint8_cases();

}  // namespace mote::tests
