#include "tests/golden/families.h"

#include "tests/golden/case.h"

namespace mote::tests {
namespace {

/// The whole list; each family is cases/<name>_cases.cc and vectors/<name>.vec.
constexpr Family kFamilies[] = {
    {"activation", activation_cases},
    {"conversion", conversion_cases},
    {"elementwise", elementwise_cases},
    {"matrix_convolution", matrix_convolution_cases},
    {"matrix_product", matrix_product_cases},
    {"matrix_recurrent", matrix_recurrent_cases},
    {"shape", shape_cases},
    {"movement", movement_cases},
    {"reduction", reduction_cases},
    {"lookup", lookup_cases},
    {"rearrange", rearrange_cases},
    {"uint8", uint8_cases},
};

}  // namespace

std::span<const Family> families() { return kFamilies; }

}  // namespace mote::tests
