#include "mote/compiler/model/builtin.h"

#include <algorithm>
#include <iterator>

#include "mote/compiler/model/builtin_options.h"

namespace mote::model {
namespace {

using namespace options;

constexpr Builtin kBuiltins[] = {
    {0, "ADD", &kAddOptions},
    {1, "AVERAGE_POOL_2D", &kPool2DOptions},
    {2, "CONCATENATION", &kConcatenationOptions},
    {3, "CONV_2D", &kConv2DOptions},
    {4, "DEPTHWISE_CONV_2D", &kDepthwiseConv2DOptions},
    {5, "DEPTH_TO_SPACE", &kDepthToSpaceOptions},
    {6, "DEQUANTIZE", &kDequantizeOptions},
    {7, "EMBEDDING_LOOKUP", &kNoOptions},
    {8, "FLOOR", &kNoOptions},
    {9, "FULLY_CONNECTED", &kFullyConnectedOptions},
    {10, "HASHTABLE_LOOKUP", &kNoOptions},
    {11, "L2_NORMALIZATION", &kL2NormOptions},
    {12, "L2_POOL_2D", &kPool2DOptions},
    {13, "LOCAL_RESPONSE_NORMALIZATION", &kLocalResponseNormalizationOptions},
    {14, "LOGISTIC", &kNoOptions},
    {15, "LSH_PROJECTION", &kLSHProjectionOptions},
    {16, "LSTM", &kLSTMOptions},
    {17, "MAX_POOL_2D", &kPool2DOptions},
    {18, "MUL", &kMulOptions},
    {19, "RELU", &kNoOptions},
    {20, "RELU_N1_TO_1", &kNoOptions},
    {21, "RELU6", &kNoOptions},
    {22, "RESHAPE", &kReshapeOptions},
    {23, "RESIZE_BILINEAR", &kResizeBilinearOptions},
    {24, "RNN", &kRNNOptions},
    {25, "SOFTMAX", &kSoftmaxOptions},
    {26, "SPACE_TO_DEPTH", &kSpaceToDepthOptions},
    {27, "SVDF", &kSVDFOptions},
    {28, "TANH", &kNoOptions},
    {29, "CONCAT_EMBEDDINGS", &kConcatEmbeddingsOptions},
    {30, "SKIP_GRAM", &kSkipGramOptions},
    {31, "CALL", &kCallOptions},
    {32, "CUSTOM", &kNoOptions},
    {33, "EMBEDDING_LOOKUP_SPARSE", &kEmbeddingLookupSparseOptions},
    {34, "PAD", &kPadOptions},
    {35, "UNIDIRECTIONAL_SEQUENCE_RNN", &kSequenceRNNOptions},
    {36, "GATHER", &kGatherOptions},
    {37, "BATCH_TO_SPACE_ND", &kBatchToSpaceNDOptions},
    {38, "SPACE_TO_BATCH_ND", &kSpaceToBatchNDOptions},
    {39, "TRANSPOSE", &kTransposeOptions},
    {40, "MEAN", &kReducerOptions},
    {41, "SUB", &kSubOptions},
    {42, "DIV", &kDivOptions},
    {43, "SQUEEZE", &kSqueezeOptions},
    {44, "UNIDIRECTIONAL_SEQUENCE_LSTM", &kUnidirectionalSequenceLSTMOptions},
    {45, "STRIDED_SLICE", &kStridedSliceOptions},
    {46, "BIDIRECTIONAL_SEQUENCE_RNN", &kBidirectionalSequenceRNNOptions},
    {47, "EXP", &kExpOptions},
    {48, "TOPK_V2", &kTopKV2Options},
    {49, "SPLIT", &kSplitOptions},
    {50, "LOG_SOFTMAX", &kLogSoftmaxOptions},
    {51, "DELEGATE", &kNoOptions},
    {52, "BIDIRECTIONAL_SEQUENCE_LSTM", &kBidirectionalSequenceLSTMOptions},
    {53, "CAST", &kCastOptions},
    {54, "PRELU", &kNoOptions},
    {55, "MAXIMUM", &kMaximumMinimumOptions},
    {56, "ARG_MAX", &kArgMaxOptions},
    {57, "MINIMUM", &kMaximumMinimumOptions},
    {58, "LESS", &kLessOptions},
    {59, "NEG", &kNegOptions},
    {60, "PADV2", &kPadV2Options},
    {61, "GREATER", &kGreaterOptions},
    {62, "GREATER_EQUAL", &kGreaterEqualOptions},
    {63, "LESS_EQUAL", &kLessEqualOptions},
    {64, "SELECT", &kSelectOptions},
    {65, "SLICE", &kSliceOptions},
    {66, "SIN", &kNoOptions},
    {67, "TRANSPOSE_CONV", &kTransposeConvOptions},
    {68, "SPARSE_TO_DENSE", &kSparseToDenseOptions},
    {69, "TILE", &kTileOptions},
    {70, "EXPAND_DIMS", &kExpandDimsOptions},
    {71, "EQUAL", &kEqualOptions},
    {72, "NOT_EQUAL", &kNotEqualOptions},
    {73, "LOG", &kNoOptions},
    {74, "SUM", &kReducerOptions},
    {75, "SQRT", &kNoOptions},
    {76, "RSQRT", &kNoOptions},
    {77, "SHAPE", &kShapeOptions},
    {78, "POW", &kPowOptions},
    {79, "ARG_MIN", &kArgMinOptions},
    {80, "FAKE_QUANT", &kFakeQuantOptions},
    {81, "REDUCE_PROD", &kReducerOptions},
    {82, "REDUCE_MAX", &kReducerOptions},
    {83, "PACK", &kPackOptions},
    {84, "LOGICAL_OR", &kLogicalOrOptions},
    {85, "ONE_HOT", &kOneHotOptions},
    {86, "LOGICAL_AND", &kLogicalAndOptions},
    {87, "LOGICAL_NOT", &kLogicalNotOptions},
    {88, "UNPACK", &kUnpackOptions},
    {89, "REDUCE_MIN", &kReducerOptions},
    {90, "FLOOR_DIV", &kFloorDivOptions},
    {91, "REDUCE_ANY", &kReducerOptions},
    {92, "SQUARE", &kSquareOptions},
    {93, "ZEROS_LIKE", &kZerosLikeOptions},
    {94, "FILL", &kFillOptions},
    {95, "FLOOR_MOD", &kFloorModOptions},
    {96, "RANGE", &kRangeOptions},
    {97, "RESIZE_NEAREST_NEIGHBOR", &kResizeNearestNeighborOptions},
    {98, "LEAKY_RELU", &kLeakyReluOptions},
    {99, "SQUARED_DIFFERENCE", &kSquaredDifferenceOptions},
    {100, "MIRROR_PAD", &kMirrorPadOptions},
    {101, "ABS", &kAbsOptions},
    {102, "SPLIT_V", &kSplitVOptions},
    {103, "UNIQUE", &kUniqueOptions},
    {104, "CEIL", &kNoOptions},
    {105, "REVERSE_V2", &kReverseV2Options},
    {106, "ADD_N", &kAddNOptions},
    {107, "GATHER_ND", &kGatherNdOptions},
    {108, "COS", &kCosOptions},
    {109, "WHERE", &kWhereOptions},
    {110, "RANK", &kRankOptions},
    {111, "ELU", &kNoOptions},
    {112, "REVERSE_SEQUENCE", &kReverseSequenceOptions},
    {113, "MATRIX_DIAG", &kMatrixDiagOptions},
    {114, "QUANTIZE", &kQuantizeOptions},
    {115, "MATRIX_SET_DIAG", &kMatrixSetDiagOptions},
    {116, "ROUND", &kNoOptions},
    {117, "HARD_SWISH", &kHardSwishOptions},
    {118, "IF", &kIfOptions},
    {119, "WHILE", &kWhileOptions},
    {120, "NON_MAX_SUPPRESSION_V4", &kNonMaxSuppressionV4Options},
    {121, "NON_MAX_SUPPRESSION_V5", &kNonMaxSuppressionV5Options},
    {122, "SCATTER_ND", &kScatterNdOptions},
    {123, "SELECT_V2", &kSelectV2Options},
    {124, "DENSIFY", &kDensifyOptions},
    {125, "SEGMENT_SUM", &kSegmentSumOptions},
    {126, "BATCH_MATMUL", &kBatchMatMulOptions},
    {127, "PLACEHOLDER_FOR_GREATER_OP_CODES", &kNoOptions},
    {128, "CUMSUM", &kCumsumOptions},
    {129, "CALL_ONCE", &kCallOnceOptions},
    {130, "BROADCAST_TO", &kBroadcastToOptions},
    {131, "RFFT2D", &kRfft2dOptions},
    {132, "CONV_3D", &kConv3DOptions},
    {133, "IMAG", &kNoOptions},
    {134, "REAL", &kNoOptions},
    {135, "COMPLEX_ABS", &kNoOptions},
    {136, "HASHTABLE", &kHashtableOptions},
    {137, "HASHTABLE_FIND", &kHashtableFindOptions},
    {138, "HASHTABLE_IMPORT", &kHashtableImportOptions},
    {139, "HASHTABLE_SIZE", &kHashtableSizeOptions},
    {140, "REDUCE_ALL", &kReducerOptions},
    {141, "CONV_3D_TRANSPOSE", &kConv3DOptions},
    {142, "VAR_HANDLE", &kVarHandleOptions},
    {143, "READ_VARIABLE", &kReadVariableOptions},
    {144, "ASSIGN_VARIABLE", &kAssignVariableOptions},
    {145, "BROADCAST_ARGS", &kNoOptions},
    {146, "RANDOM_STANDARD_NORMAL", &kRandomOptions},
    {147, "BUCKETIZE", &kUnknownOptions},
    {148, "RANDOM_UNIFORM", &kRandomOptions},
    {149, "MULTINOMIAL", &kRandomOptions},
    {150, "GELU", &kGeluOptions},
    {151, "DYNAMIC_UPDATE_SLICE", &kDynamicUpdateSliceOptions},
    {152, "RELU_0_TO_1", &kNoOptions},
    {153, "UNSORTED_SEGMENT_PROD", &kUnsortedSegmentProdOptions},
    {154, "UNSORTED_SEGMENT_MAX", &kUnsortedSegmentMaxOptions},
    {155, "UNSORTED_SEGMENT_SUM", &kUnsortedSegmentSumOptions},
    {156, "ATAN2", &kATan2Options},
    {157, "UNSORTED_SEGMENT_MIN", &kUnsortedSegmentMinOptions},
    {158, "SIGN", &kSignOptions},
    {159, "BITCAST", &kBitcastOptions},
    {160, "BITWISE_XOR", &kBitwiseXorOptions},
    {161, "RIGHT_SHIFT", &kRightShiftOptions},
    {162, "STABLEHLO_LOGISTIC", &kNoOptions},
    {163, "STABLEHLO_ADD", &kNoOptions},
    {164, "STABLEHLO_DIVIDE", &kNoOptions},
    {165, "STABLEHLO_MULTIPLY", &kNoOptions},
    {166, "STABLEHLO_MAXIMUM", &kNoOptions},
    {167, "STABLEHLO_RESHAPE", &kNoOptions},
    {168, "STABLEHLO_CLAMP", &kNoOptions},
    {169, "STABLEHLO_CONCATENATE", &kUnknownOptions},
    {170, "STABLEHLO_BROADCAST_IN_DIM", &kUnknownOptions},
    {171, "STABLEHLO_CONVOLUTION", &kUnknownOptions},
    {172, "STABLEHLO_SLICE", &kUnknownOptions},
    {173, "STABLEHLO_CUSTOM_CALL", &kUnknownOptions},
    {174, "STABLEHLO_REDUCE", &kUnknownOptions},
    {175, "STABLEHLO_ABS", &kNoOptions},
    {176, "STABLEHLO_AND", &kNoOptions},
    {177, "STABLEHLO_COSINE", &kNoOptions},
    {178, "STABLEHLO_EXPONENTIAL", &kNoOptions},
    {179, "STABLEHLO_FLOOR", &kNoOptions},
    {180, "STABLEHLO_LOG", &kNoOptions},
    {181, "STABLEHLO_MINIMUM", &kNoOptions},
    {182, "STABLEHLO_NEGATE", &kNoOptions},
    {183, "STABLEHLO_OR", &kNoOptions},
    {184, "STABLEHLO_POWER", &kNoOptions},
    {185, "STABLEHLO_REMAINDER", &kNoOptions},
    {186, "STABLEHLO_RSQRT", &kNoOptions},
    {187, "STABLEHLO_SELECT", &kNoOptions},
    {188, "STABLEHLO_SUBTRACT", &kNoOptions},
    {189, "STABLEHLO_TANH", &kNoOptions},
    {190, "STABLEHLO_SCATTER", &kUnknownOptions},
    {191, "STABLEHLO_COMPARE", &kUnknownOptions},
    {192, "STABLEHLO_CONVERT", &kNoOptions},
    {193, "STABLEHLO_DYNAMIC_SLICE", &kUnknownOptions},
    {194, "STABLEHLO_DYNAMIC_UPDATE_SLICE", &kNoOptions},
    {195, "STABLEHLO_PAD", &kUnknownOptions},
    {196, "STABLEHLO_IOTA", &kUnknownOptions},
    {197, "STABLEHLO_DOT_GENERAL", &kUnknownOptions},
    {198, "STABLEHLO_REDUCE_WINDOW", &kUnknownOptions},
    {199, "STABLEHLO_SORT", &kUnknownOptions},
    {200, "STABLEHLO_WHILE", &kUnknownOptions},
    {201, "STABLEHLO_GATHER", &kUnknownOptions},
    {202, "STABLEHLO_TRANSPOSE", &kUnknownOptions},
    {203, "DILATE", &kNoOptions},
    {204, "STABLEHLO_RNG_BIT_GENERATOR", &kUnknownOptions},
    {205, "REDUCE_WINDOW", &kUnknownOptions},
    {206, "STABLEHLO_COMPOSITE", &kUnknownOptions},
    {207, "STABLEHLO_SHIFT_LEFT", &kNoOptions},
    {208, "STABLEHLO_CBRT", &kNoOptions},
    {209, "STABLEHLO_CASE", &kUnknownOptions},
};

constexpr bool codes_are_places() {
  for (int i = 0; i < static_cast<int>(std::size(kBuiltins)); ++i)
    if (kBuiltins[i].code != i) return false;
  return true;
}
static_assert(codes_are_places());

constexpr TensorType kTensorTypes[] = {
    {"FLOAT32", DType::kFloat32},    {"FLOAT16", std::nullopt},     {"INT32", DType::kInt32},
    {"UINT8", DType::kUint8},        {"INT64", DType::kInt64},      {"STRING", std::nullopt},
    {"BOOL", DType::kBool},          {"INT16", DType::kInt16},      {"COMPLEX64", std::nullopt},
    {"INT8", DType::kInt8},          {"FLOAT64", std::nullopt},     {"COMPLEX128", std::nullopt},
    {"UINT64", DType::kUint64},      {"RESOURCE", std::nullopt},    {"VARIANT", std::nullopt},
    {"UINT32", DType::kUint32},      {"UINT16", DType::kUint16},    {"INT4", std::nullopt},
    {"BFLOAT16", std::nullopt},      {"INT2", std::nullopt},        {"UINT4", std::nullopt},
    {"FLOAT8_E4M3FN", std::nullopt}, {"FLOAT8_E5M2", std::nullopt},
};

}  // namespace

const Builtin* find_builtin(int code) {
  return code >= 0 && code < builtin_count() ? &kBuiltins[code] : nullptr;
}

const Builtin* find_builtin(std::string_view name) {
  const auto* found = std::find_if(std::begin(kBuiltins), std::end(kBuiltins),
                                   [&](const Builtin& builtin) { return builtin.name == name; });
  return found == std::end(kBuiltins) ? nullptr : found;
}

const Options* find_options(int type) {
  for (const Builtin& builtin : kBuiltins)
    if (builtin.options->type == type) return builtin.options;
  return nullptr;
}

int builtin_count() { return static_cast<int>(std::size(kBuiltins)); }

const TensorType* find_tensor_type(int code) {
  return code >= 0 && code < static_cast<int>(std::size(kTensorTypes)) ? &kTensorTypes[code]
                                                                       : nullptr;
}

int tensor_type_code(DType type) {
  const auto* found = std::find_if(std::begin(kTensorTypes), std::end(kTensorTypes),
                                   [&](const TensorType& known) { return known.type == type; });
  return static_cast<int>(found - std::begin(kTensorTypes));
}

}  // namespace mote::model
