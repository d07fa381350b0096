#pragma once

#include <vector>

#include "tests/golden/case.h"

/// One function a file in cases/.
namespace mote::tests {

std::vector<Case> shape_cases();

}  // namespace mote::tests
