#include "mote/compiler/graph/print.h"

#include <gtest/gtest.h>

#include "tests/support/graph_builder.h"

namespace mote::graph {
namespace {

TEST(Print, ShowsPortsNodesConstantsAndAttributes) {
  tests::GraphBuilder b;
  const int in = b.input(DType::kInt8, {1, 4});
  const int filter = b.constant(std::vector<std::int8_t>(12), {3, 4});
  const int out = b.value(DType::kInt8, {1, 3});
  b.node("FULLY_CONNECTED", {in, filter, kNoTensor}, {out},
         {{"fused_activation_function", 1}, {"keep_num_dims", 0}});
  b.output(out);
  EXPECT_EQ(print(b.graph()),
            "input   %0 't0' INT8 [1, 4]\n"
            "node 0 FULLY_CONNECTED  %2 't2' INT8 [1, 3] = %0, %1 't1' INT8 [3, 4] constant, none\n"
            "  fused_activation_function 1, keep_num_dims 0\n"
            "output  %2\n");
}

}  // namespace
}  // namespace mote::graph
