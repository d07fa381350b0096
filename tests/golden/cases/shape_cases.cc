#include "mote/support/cat.h"
#include "tests/golden/families.h"

namespace mote::tests {

/// RESHAPE between ranks, in front of a matrix product that would show any mixed-up element.
std::vector<Case> shape_cases() {
  std::vector<Case> cases;
  Random random(20);
  const std::vector<int> shapes[] = {{1, 12}, {2, 2, 3}, {1, 3, 2, 2}, {12}};
  for (const auto& shape : shapes) {
    GraphBuilder b;
    const int in = b.input(DType::kInt8, shape, {0.5f, -3});
    const int flat = b.value(DType::kInt8, {1, 12}, {0.5f, -3});
    const int filter = b.constant(random.integers<std::int8_t>(60, -127, 127), {5, 12}, {0.02f, 0});
    const int bias = b.constant(random.integers<std::int32_t>(5, -900, 900), {5}, {0.01f, 0});
    const int out = b.value(DType::kInt8, {1, 5}, {0.3f, 7});
    b.node("RESHAPE", {in}, {flat}, {{"new_shape", std::vector<std::int64_t>{1, 12}}});
    b.node("FULLY_CONNECTED", {flat, filter, bias}, {out});
    b.output(out);
    Case c{.name = cat("reshape_rank", shape.size()), .label = "int8", .model = b.build()};
    c.inputs = make_inputs(c.model, random, /*runs=*/6);
    cases.push_back(std::move(c));
  }
  return cases;
}

}  // namespace mote::tests
