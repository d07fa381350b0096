#include "mote/compiler/ops/elementwise.h"
#include "mote/compiler/ops/ops.h"

namespace mote::ops {
namespace {

struct Conversion {
  DType from, to;
  const char* kernel;
};
constexpr Conversion kConversions[] = {
    {DType::kInt8, DType::kInt16, "cast_s8_s16"},
    {DType::kInt8, DType::kInt32, "cast_s8_s32"},
    {DType::kInt8, DType::kFloat32, "cast_s8_f32"},
    {DType::kInt16, DType::kInt8, "cast_s16_s8"},
    {DType::kInt16, DType::kInt32, "cast_s16_s32"},
    {DType::kInt16, DType::kFloat32, "cast_s16_f32"},
    {DType::kInt32, DType::kInt8, "cast_s32_s8"},
    {DType::kInt32, DType::kInt16, "cast_s32_s16"},
    {DType::kInt32, DType::kFloat32, "cast_s32_f32"},
    {DType::kFloat32, DType::kInt8, "cast_f32_s8"},
    {DType::kFloat32, DType::kInt16, "cast_f32_s16"},
    {DType::kFloat32, DType::kInt32, "cast_f32_s32"},
    {DType::kBool, DType::kInt8, "cast_bool_s8"},
    {DType::kBool, DType::kInt16, "cast_bool_s16"},
    {DType::kBool, DType::kInt32, "cast_bool_s32"},
    {DType::kBool, DType::kFloat32, "cast_bool_f32"},
};

Result<void> check(const graph::Graph& graph, const graph::Node& node) {
  return expect_same_shape(graph, node);
}

Result<void> lower(const graph::Graph& graph, const graph::Node& node, Lowering& lowering) {
  const DType from = graph.input(node, 0)->type, to = graph.output(node).type;
  if (from == to) lowering.alias(node.outputs[0], node.inputs[0]);
  for (const Conversion& row : kConversions)
    if (row.from == from && row.to == to) add_unary_call(graph, node, lowering, row.kernel);
  return {};
}

constexpr Signature kSignatures[] = {
    {.label = "int8", .inputs = kTypesOf<DType::kInt8>, .output = DType::kInt8},
    {.label = "int8 to int16", .inputs = kTypesOf<DType::kInt8>, .output = DType::kInt16},
    {.label = "int8 to int32", .inputs = kTypesOf<DType::kInt8>, .output = DType::kInt32},
    {.label = "int8 to float32", .inputs = kTypesOf<DType::kInt8>, .output = DType::kFloat32},
    {.label = "int16 to int8", .inputs = kTypesOf<DType::kInt16>, .output = DType::kInt8},
    {.label = "int16", .inputs = kTypesOf<DType::kInt16>, .output = DType::kInt16},
    {.label = "int16 to int32", .inputs = kTypesOf<DType::kInt16>, .output = DType::kInt32},
    {.label = "int16 to float32", .inputs = kTypesOf<DType::kInt16>, .output = DType::kFloat32},
    {.label = "int32 to int8", .inputs = kTypesOf<DType::kInt32>, .output = DType::kInt8},
    {.label = "int32 to int16", .inputs = kTypesOf<DType::kInt32>, .output = DType::kInt16},
    {.label = "int32", .inputs = kTypesOf<DType::kInt32>, .output = DType::kInt32},
    {.label = "int32 to float32", .inputs = kTypesOf<DType::kInt32>, .output = DType::kFloat32},
    {.label = "float32 to int8", .inputs = kTypesOf<DType::kFloat32>, .output = DType::kInt8},
    {.label = "float32 to int16", .inputs = kTypesOf<DType::kFloat32>, .output = DType::kInt16},
    {.label = "float32 to int32", .inputs = kTypesOf<DType::kFloat32>, .output = DType::kInt32},
    {.label = "float32", .inputs = kTypesOf<DType::kFloat32>, .output = DType::kFloat32},
    {.label = "bool to int8", .inputs = kTypesOf<DType::kBool>, .output = DType::kInt8},
    {.label = "bool to int16", .inputs = kTypesOf<DType::kBool>, .output = DType::kInt16},
    {.label = "bool to int32", .inputs = kTypesOf<DType::kBool>, .output = DType::kInt32},
    {.label = "bool to float32", .inputs = kTypesOf<DType::kBool>, .output = DType::kFloat32},
};

}  // namespace

const Op cast = {.tflite_name = "CAST",
                 .signatures = kSignatures,
                 .check = check,
                 .lower = lower,
                 .notes = "floats beyond an integer type saturate"};

}  // namespace mote::ops
