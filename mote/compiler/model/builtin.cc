#include "mote/compiler/model/builtin.h"

#include <algorithm>
#include <iterator>

namespace mote::model {
namespace {

using enum FieldKind;

constexpr Field kPadding = {"padding", kInt8, 0, 1};
constexpr Field kActivation = {"fused_activation_function", kInt8, 0, 5};

constexpr Options kNoOptions = {kNone, "no options"};
constexpr Options kUnknownOptions = {kNotDescribed, "unknown options"};

constexpr Options kConv2DOptions = {1,
                                    "Conv2DOptions",
                                    {kPadding,
                                     {"stride_w", kInt32},
                                     {"stride_h", kInt32},
                                     kActivation,
                                     {"dilation_w_factor", kInt32, 1},
                                     {"dilation_h_factor", kInt32, 1},
                                     {"quantized_bias_type", kInt8}}};
constexpr Options kDepthwiseConv2DOptions = {2,
                                             "DepthwiseConv2DOptions",
                                             {kPadding,
                                              {"stride_w", kInt32},
                                              {"stride_h", kInt32},
                                              {"depth_multiplier", kInt32},
                                              kActivation,
                                              {"dilation_w_factor", kInt32, 1},
                                              {"dilation_h_factor", kInt32, 1}}};
constexpr Options kConcatEmbeddingsOptions = {3,
                                              "ConcatEmbeddingsOptions",
                                              {{"num_channels", kInt32},
                                               {"num_columns_per_channel", kInts},
                                               {"embedding_dim_per_channel", kInts}}};
constexpr Options kLSHProjectionOptions = {4, "LSHProjectionOptions", {{"type", kInt8, 0, 2}}};
constexpr Options kPool2DOptions = {5,
                                    "Pool2DOptions",
                                    {kPadding,
                                     {"stride_w", kInt32},
                                     {"stride_h", kInt32},
                                     {"filter_width", kInt32},
                                     {"filter_height", kInt32},
                                     kActivation}};
constexpr Options kSVDFOptions = {
    6, "SVDFOptions", {{"rank", kInt32}, kActivation, {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kRNNOptions = {
    7, "RNNOptions", {kActivation, {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kFullyConnectedOptions = {8,
                                            "FullyConnectedOptions",
                                            {kActivation,
                                             {"weights_format", kInt8, 0, 1},
                                             {"keep_num_dims", kBool},
                                             {"asymmetric_quantize_inputs", kBool},
                                             {"quantized_bias_type", kInt8}}};
constexpr Options kSoftmaxOptions = {9, "SoftmaxOptions", {{"beta", kFloat}}};
constexpr Options kConcatenationOptions = {
    10, "ConcatenationOptions", {{"axis", kInt32}, kActivation}};
constexpr Options kAddOptions = {11, "AddOptions", {kActivation, {"pot_scale_int16", kBool, 1}}};
constexpr Options kL2NormOptions = {12, "L2NormOptions", {kActivation}};
constexpr Options kLocalResponseNormalizationOptions = {
    13,
    "LocalResponseNormalizationOptions",
    {{"radius", kInt32}, {"bias", kFloat}, {"alpha", kFloat}, {"beta", kFloat}}};
constexpr Options kLSTMOptions = {14,
                                  "LSTMOptions",
                                  {kActivation,
                                   {"cell_clip", kFloat},
                                   {"proj_clip", kFloat},
                                   {"kernel_type", kInt8, 0, 1},
                                   {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kResizeBilinearOptions = {15,
                                            "ResizeBilinearOptions",
                                            {{"new_height", kGone},
                                             {"new_width", kGone},
                                             {"align_corners", kBool},
                                             {"half_pixel_centers", kBool}}};
constexpr Options kCallOptions = {16, "CallOptions", {{"subgraph", kInt32}}};
constexpr Options kReshapeOptions = {17, "ReshapeOptions", {{"new_shape", kInts}}};
constexpr Options kSkipGramOptions = {
    18,
    "SkipGramOptions",
    {{"ngram_size", kInt32}, {"max_skip_size", kInt32}, {"include_all_ngrams", kBool}}};
constexpr Options kSpaceToDepthOptions = {19, "SpaceToDepthOptions", {{"block_size", kInt32}}};
constexpr Options kEmbeddingLookupSparseOptions = {
    20, "EmbeddingLookupSparseOptions", {{"combiner", kInt8, 0, 2}}};
constexpr Options kMulOptions = {21, "MulOptions", {kActivation}};
constexpr Options kPadOptions = {22, "PadOptions"};
constexpr Options kGatherOptions = {
    23, "GatherOptions", {{"axis", kInt32}, {"batch_dims", kInt32}}};
constexpr Options kBatchToSpaceNDOptions = {24, "BatchToSpaceNDOptions"};
constexpr Options kSpaceToBatchNDOptions = {25, "SpaceToBatchNDOptions"};
constexpr Options kTransposeOptions = {26, "TransposeOptions"};
constexpr Options kReducerOptions = {27, "ReducerOptions", {{"keep_dims", kBool}}};
constexpr Options kSubOptions = {28, "SubOptions", {kActivation, {"pot_scale_int16", kBool, 1}}};
constexpr Options kDivOptions = {29, "DivOptions", {kActivation}};
constexpr Options kSqueezeOptions = {30, "SqueezeOptions", {{"squeeze_dims", kInts}}};
constexpr Options kSequenceRNNOptions = {
    31,
    "SequenceRNNOptions",
    {{"time_major", kBool}, kActivation, {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kStridedSliceOptions = {32,
                                          "StridedSliceOptions",
                                          {{"begin_mask", kInt32},
                                           {"end_mask", kInt32},
                                           {"ellipsis_mask", kInt32},
                                           {"new_axis_mask", kInt32},
                                           {"shrink_axis_mask", kInt32},
                                           {"offset", kBool}}};
constexpr Options kExpOptions = {33, "ExpOptions"};
constexpr Options kTopKV2Options = {34, "TopKV2Options"};
constexpr Options kSplitOptions = {35, "SplitOptions", {{"num_splits", kInt32}}};
constexpr Options kLogSoftmaxOptions = {36, "LogSoftmaxOptions"};
constexpr Options kCastOptions = {
    37, "CastOptions", {{"in_data_type", kInt8}, {"out_data_type", kInt8}}};
constexpr Options kDequantizeOptions = {38, "DequantizeOptions"};
constexpr Options kMaximumMinimumOptions = {39, "MaximumMinimumOptions"};
constexpr Options kArgMaxOptions = {40, "ArgMaxOptions", {{"output_type", kInt8}}};
constexpr Options kLessOptions = {41, "LessOptions"};
constexpr Options kNegOptions = {42, "NegOptions"};
constexpr Options kPadV2Options = {43, "PadV2Options"};
constexpr Options kGreaterOptions = {44, "GreaterOptions"};
constexpr Options kGreaterEqualOptions = {45, "GreaterEqualOptions"};
constexpr Options kLessEqualOptions = {46, "LessEqualOptions"};
constexpr Options kSelectOptions = {47, "SelectOptions"};
constexpr Options kSliceOptions = {48, "SliceOptions"};
constexpr Options kTransposeConvOptions = {49,
                                           "TransposeConvOptions",
                                           {kPadding,
                                            {"stride_w", kInt32},
                                            {"stride_h", kInt32},
                                            kActivation,
                                            {"quantized_bias_type", kInt8}}};
constexpr Options kSparseToDenseOptions = {
    50, "SparseToDenseOptions", {{"validate_indices", kBool}}};
constexpr Options kTileOptions = {51, "TileOptions"};
constexpr Options kExpandDimsOptions = {52, "ExpandDimsOptions"};
constexpr Options kEqualOptions = {53, "EqualOptions"};
constexpr Options kNotEqualOptions = {54, "NotEqualOptions"};
constexpr Options kShapeOptions = {55, "ShapeOptions", {{"out_type", kInt8}}};
constexpr Options kPowOptions = {56, "PowOptions"};
constexpr Options kArgMinOptions = {57, "ArgMinOptions", {{"output_type", kInt8}}};
constexpr Options kFakeQuantOptions = {
    58,
    "FakeQuantOptions",
    {{"min", kFloat}, {"max", kFloat}, {"num_bits", kInt32}, {"narrow_range", kBool}}};
constexpr Options kPackOptions = {59, "PackOptions", {{"values_count", kInt32}, {"axis", kInt32}}};
constexpr Options kLogicalOrOptions = {60, "LogicalOrOptions"};
constexpr Options kOneHotOptions = {61, "OneHotOptions", {{"axis", kInt32}}};
constexpr Options kLogicalAndOptions = {62, "LogicalAndOptions"};
constexpr Options kLogicalNotOptions = {63, "LogicalNotOptions"};
constexpr Options kUnpackOptions = {64, "UnpackOptions", {{"num", kInt32}, {"axis", kInt32}}};
constexpr Options kFloorDivOptions = {65, "FloorDivOptions"};
constexpr Options kSquareOptions = {66, "SquareOptions"};
constexpr Options kZerosLikeOptions = {67, "ZerosLikeOptions"};
constexpr Options kFillOptions = {68, "FillOptions"};
constexpr Options kBidirectionalSequenceLSTMOptions = {69,
                                                       "BidirectionalSequenceLSTMOptions",
                                                       {kActivation,
                                                        {"cell_clip", kFloat},
                                                        {"proj_clip", kFloat},
                                                        {"merge_outputs", kBool},
                                                        {"time_major", kBool, 1},
                                                        {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kBidirectionalSequenceRNNOptions = {70,
                                                      "BidirectionalSequenceRNNOptions",
                                                      {{"time_major", kBool},
                                                       kActivation,
                                                       {"merge_outputs", kBool},
                                                       {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kUnidirectionalSequenceLSTMOptions = {71,
                                                        "UnidirectionalSequenceLSTMOptions",
                                                        {kActivation,
                                                         {"cell_clip", kFloat},
                                                         {"proj_clip", kFloat},
                                                         {"time_major", kBool},
                                                         {"asymmetric_quantize_inputs", kBool},
                                                         {"diagonal_recurrent_tensors", kBool}}};
constexpr Options kFloorModOptions = {72, "FloorModOptions"};
constexpr Options kRangeOptions = {73, "RangeOptions"};
constexpr Options kResizeNearestNeighborOptions = {
    74, "ResizeNearestNeighborOptions", {{"align_corners", kBool}, {"half_pixel_centers", kBool}}};
constexpr Options kLeakyReluOptions = {75, "LeakyReluOptions", {{"alpha", kFloat}}};
constexpr Options kSquaredDifferenceOptions = {76, "SquaredDifferenceOptions"};
constexpr Options kMirrorPadOptions = {77, "MirrorPadOptions", {{"mode", kInt8, 0, 1}}};
constexpr Options kAbsOptions = {78, "AbsOptions"};
constexpr Options kSplitVOptions = {79, "SplitVOptions", {{"num_splits", kInt32}}};
constexpr Options kUniqueOptions = {80, "UniqueOptions", {{"idx_out_type", kInt8, 2}}};
constexpr Options kReverseV2Options = {81, "ReverseV2Options"};
constexpr Options kAddNOptions = {82, "AddNOptions"};
constexpr Options kGatherNdOptions = {83, "GatherNdOptions"};
constexpr Options kCosOptions = {84, "CosOptions"};
constexpr Options kWhereOptions = {85, "WhereOptions"};
constexpr Options kRankOptions = {86, "RankOptions"};
constexpr Options kReverseSequenceOptions = {
    87, "ReverseSequenceOptions", {{"seq_dim", kInt32}, {"batch_dim", kInt32}}};
constexpr Options kMatrixDiagOptions = {88, "MatrixDiagOptions"};
constexpr Options kQuantizeOptions = {89, "QuantizeOptions"};
constexpr Options kMatrixSetDiagOptions = {90, "MatrixSetDiagOptions"};
constexpr Options kHardSwishOptions = {91, "HardSwishOptions"};
constexpr Options kIfOptions = {
    92, "IfOptions", {{"then_subgraph_index", kInt32}, {"else_subgraph_index", kInt32}}};
constexpr Options kWhileOptions = {
    93, "WhileOptions", {{"cond_subgraph_index", kInt32}, {"body_subgraph_index", kInt32}}};
constexpr Options kDepthToSpaceOptions = {94, "DepthToSpaceOptions", {{"block_size", kInt32}}};
constexpr Options kNonMaxSuppressionV4Options = {95, "NonMaxSuppressionV4Options"};
constexpr Options kNonMaxSuppressionV5Options = {96, "NonMaxSuppressionV5Options"};
constexpr Options kScatterNdOptions = {97, "ScatterNdOptions"};
constexpr Options kSelectV2Options = {98, "SelectV2Options"};
constexpr Options kDensifyOptions = {99, "DensifyOptions"};
constexpr Options kSegmentSumOptions = {100, "SegmentSumOptions"};
constexpr Options kBatchMatMulOptions = {
    101,
    "BatchMatMulOptions",
    {{"adj_x", kBool}, {"adj_y", kBool}, {"asymmetric_quantize_inputs", kBool}}};
constexpr Options kCumsumOptions = {
    102, "CumsumOptions", {{"exclusive", kBool}, {"reverse", kBool}}};
constexpr Options kCallOnceOptions = {103, "CallOnceOptions", {{"init_subgraph_index", kInt32}}};
constexpr Options kBroadcastToOptions = {104, "BroadcastToOptions"};
constexpr Options kRfft2dOptions = {105, "Rfft2dOptions"};
constexpr Options kConv3DOptions = {106,
                                    "Conv3DOptions",
                                    {kPadding,
                                     {"stride_d", kInt32},
                                     {"stride_w", kInt32},
                                     {"stride_h", kInt32},
                                     kActivation,
                                     {"dilation_d_factor", kInt32, 1},
                                     {"dilation_w_factor", kInt32, 1},
                                     {"dilation_h_factor", kInt32, 1}}};
constexpr Options kHashtableOptions = {
    107, "HashtableOptions", {{"table_id", kInt32}, {"key_dtype", kInt8}, {"value_dtype", kInt8}}};
constexpr Options kHashtableFindOptions = {108, "HashtableFindOptions"};
constexpr Options kHashtableImportOptions = {109, "HashtableImportOptions"};
constexpr Options kHashtableSizeOptions = {110, "HashtableSizeOptions"};
constexpr Options kVarHandleOptions = {
    111, "VarHandleOptions", {{"container", kString}, {"shared_name", kString}}};
constexpr Options kReadVariableOptions = {112, "ReadVariableOptions"};
constexpr Options kAssignVariableOptions = {113, "AssignVariableOptions"};
constexpr Options kRandomOptions = {114, "RandomOptions", {{"seed", kInt64}, {"seed2", kInt64}}};
constexpr Options kGeluOptions = {116, "GeluOptions", {{"approximate", kBool}}};
constexpr Options kDynamicUpdateSliceOptions = {117, "DynamicUpdateSliceOptions"};
constexpr Options kUnsortedSegmentProdOptions = {118, "UnsortedSegmentProdOptions"};
constexpr Options kUnsortedSegmentMaxOptions = {119, "UnsortedSegmentMaxOptions"};
constexpr Options kUnsortedSegmentMinOptions = {120, "UnsortedSegmentMinOptions"};
constexpr Options kUnsortedSegmentSumOptions = {121, "UnsortedSegmentSumOptions"};
constexpr Options kATan2Options = {122, "ATan2Options"};
constexpr Options kSignOptions = {123, "SignOptions"};
constexpr Options kBitcastOptions = {124, "BitcastOptions"};
constexpr Options kBitwiseXorOptions = {125, "BitwiseXorOptions"};
constexpr Options kRightShiftOptions = {126, "RightShiftOptions"};

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
