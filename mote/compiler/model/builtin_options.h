#pragma once

#include "mote/compiler/model/builtin.h"

/// Tables of options of TensorFlow Lite's builtin operators, in the order of the schema's union
/// BuiltinOptions, with its numbers, names and fields: for builtin.cc alone.
namespace mote::model::options {

using enum FieldKind;

inline constexpr Field kPadding = {"padding", kInt8, 0, 1};
inline constexpr Field kActivation = {"fused_activation_function", kInt8, 0, 5};

inline constexpr Options kNoOptions = {kNone, "no options"};
inline constexpr Options kUnknownOptions = {kNotDescribed, "unknown options"};

inline constexpr Options kConv2DOptions = {1,
                                           "Conv2DOptions",
                                           {kPadding,
                                            {"stride_w", kInt32},
                                            {"stride_h", kInt32},
                                            kActivation,
                                            {"dilation_w_factor", kInt32, 1},
                                            {"dilation_h_factor", kInt32, 1},
                                            {"quantized_bias_type", kInt8}}};
inline constexpr Options kDepthwiseConv2DOptions = {2,
                                                    "DepthwiseConv2DOptions",
                                                    {kPadding,
                                                     {"stride_w", kInt32},
                                                     {"stride_h", kInt32},
                                                     {"depth_multiplier", kInt32},
                                                     kActivation,
                                                     {"dilation_w_factor", kInt32, 1},
                                                     {"dilation_h_factor", kInt32, 1}}};
inline constexpr Options kConcatEmbeddingsOptions = {3,
                                                     "ConcatEmbeddingsOptions",
                                                     {{"num_channels", kInt32},
                                                      {"num_columns_per_channel", kInts},
                                                      {"embedding_dim_per_channel", kInts}}};
inline constexpr Options kLSHProjectionOptions = {
    4, "LSHProjectionOptions", {{"type", kInt8, 0, 2}}};
inline constexpr Options kPool2DOptions = {5,
                                           "Pool2DOptions",
                                           {kPadding,
                                            {"stride_w", kInt32},
                                            {"stride_h", kInt32},
                                            {"filter_width", kInt32},
                                            {"filter_height", kInt32},
                                            kActivation}};
inline constexpr Options kSVDFOptions = {
    6, "SVDFOptions", {{"rank", kInt32}, kActivation, {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kRNNOptions = {
    7, "RNNOptions", {kActivation, {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kFullyConnectedOptions = {8,
                                                   "FullyConnectedOptions",
                                                   {kActivation,
                                                    {"weights_format", kInt8, 0, 1},
                                                    {"keep_num_dims", kBool},
                                                    {"asymmetric_quantize_inputs", kBool},
                                                    {"quantized_bias_type", kInt8}}};
inline constexpr Options kSoftmaxOptions = {9, "SoftmaxOptions", {{"beta", kFloat}}};
inline constexpr Options kConcatenationOptions = {
    10, "ConcatenationOptions", {{"axis", kInt32}, kActivation}};
inline constexpr Options kAddOptions = {
    11, "AddOptions", {kActivation, {"pot_scale_int16", kBool, 1}}};
inline constexpr Options kL2NormOptions = {12, "L2NormOptions", {kActivation}};
inline constexpr Options kLocalResponseNormalizationOptions = {
    13,
    "LocalResponseNormalizationOptions",
    {{"radius", kInt32}, {"bias", kFloat}, {"alpha", kFloat}, {"beta", kFloat}}};
inline constexpr Options kLSTMOptions = {14,
                                         "LSTMOptions",
                                         {kActivation,
                                          {"cell_clip", kFloat},
                                          {"proj_clip", kFloat},
                                          {"kernel_type", kInt8, 0, 1},
                                          {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kResizeBilinearOptions = {15,
                                                   "ResizeBilinearOptions",
                                                   {{"new_height", kGone},
                                                    {"new_width", kGone},
                                                    {"align_corners", kBool},
                                                    {"half_pixel_centers", kBool}}};
inline constexpr Options kCallOptions = {16, "CallOptions", {{"subgraph", kInt32}}};
inline constexpr Options kReshapeOptions = {17, "ReshapeOptions", {{"new_shape", kInts}}};
inline constexpr Options kSkipGramOptions = {
    18,
    "SkipGramOptions",
    {{"ngram_size", kInt32}, {"max_skip_size", kInt32}, {"include_all_ngrams", kBool}}};
inline constexpr Options kSpaceToDepthOptions = {
    19, "SpaceToDepthOptions", {{"block_size", kInt32}}};
inline constexpr Options kEmbeddingLookupSparseOptions = {
    20, "EmbeddingLookupSparseOptions", {{"combiner", kInt8, 0, 2}}};
inline constexpr Options kMulOptions = {21, "MulOptions", {kActivation}};
inline constexpr Options kPadOptions = {22, "PadOptions"};
inline constexpr Options kGatherOptions = {
    23, "GatherOptions", {{"axis", kInt32}, {"batch_dims", kInt32}}};
inline constexpr Options kBatchToSpaceNDOptions = {24, "BatchToSpaceNDOptions"};
inline constexpr Options kSpaceToBatchNDOptions = {25, "SpaceToBatchNDOptions"};
inline constexpr Options kTransposeOptions = {26, "TransposeOptions"};
inline constexpr Options kReducerOptions = {27, "ReducerOptions", {{"keep_dims", kBool}}};
inline constexpr Options kSubOptions = {
    28, "SubOptions", {kActivation, {"pot_scale_int16", kBool, 1}}};
inline constexpr Options kDivOptions = {29, "DivOptions", {kActivation}};
inline constexpr Options kSqueezeOptions = {30, "SqueezeOptions", {{"squeeze_dims", kInts}}};
inline constexpr Options kSequenceRNNOptions = {
    31,
    "SequenceRNNOptions",
    {{"time_major", kBool}, kActivation, {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kStridedSliceOptions = {32,
                                                 "StridedSliceOptions",
                                                 {{"begin_mask", kInt32},
                                                  {"end_mask", kInt32},
                                                  {"ellipsis_mask", kInt32},
                                                  {"new_axis_mask", kInt32},
                                                  {"shrink_axis_mask", kInt32},
                                                  {"offset", kBool}}};
inline constexpr Options kExpOptions = {33, "ExpOptions"};
inline constexpr Options kTopKV2Options = {34, "TopKV2Options"};
inline constexpr Options kSplitOptions = {35, "SplitOptions", {{"num_splits", kInt32}}};
inline constexpr Options kLogSoftmaxOptions = {36, "LogSoftmaxOptions"};
inline constexpr Options kCastOptions = {
    37, "CastOptions", {{"in_data_type", kInt8}, {"out_data_type", kInt8}}};
inline constexpr Options kDequantizeOptions = {38, "DequantizeOptions"};
inline constexpr Options kMaximumMinimumOptions = {39, "MaximumMinimumOptions"};
inline constexpr Options kArgMaxOptions = {40, "ArgMaxOptions", {{"output_type", kInt8}}};
inline constexpr Options kLessOptions = {41, "LessOptions"};
inline constexpr Options kNegOptions = {42, "NegOptions"};
inline constexpr Options kPadV2Options = {43, "PadV2Options"};
inline constexpr Options kGreaterOptions = {44, "GreaterOptions"};
inline constexpr Options kGreaterEqualOptions = {45, "GreaterEqualOptions"};
inline constexpr Options kLessEqualOptions = {46, "LessEqualOptions"};
inline constexpr Options kSelectOptions = {47, "SelectOptions"};
inline constexpr Options kSliceOptions = {48, "SliceOptions"};
inline constexpr Options kTransposeConvOptions = {49,
                                                  "TransposeConvOptions",
                                                  {kPadding,
                                                   {"stride_w", kInt32},
                                                   {"stride_h", kInt32},
                                                   kActivation,
                                                   {"quantized_bias_type", kInt8}}};
inline constexpr Options kSparseToDenseOptions = {
    50, "SparseToDenseOptions", {{"validate_indices", kBool}}};
inline constexpr Options kTileOptions = {51, "TileOptions"};
inline constexpr Options kExpandDimsOptions = {52, "ExpandDimsOptions"};
inline constexpr Options kEqualOptions = {53, "EqualOptions"};
inline constexpr Options kNotEqualOptions = {54, "NotEqualOptions"};
inline constexpr Options kShapeOptions = {55, "ShapeOptions", {{"out_type", kInt8}}};
inline constexpr Options kPowOptions = {56, "PowOptions"};
inline constexpr Options kArgMinOptions = {57, "ArgMinOptions", {{"output_type", kInt8}}};
inline constexpr Options kFakeQuantOptions = {
    58,
    "FakeQuantOptions",
    {{"min", kFloat}, {"max", kFloat}, {"num_bits", kInt32}, {"narrow_range", kBool}}};
inline constexpr Options kPackOptions = {
    59, "PackOptions", {{"values_count", kInt32}, {"axis", kInt32}}};
inline constexpr Options kLogicalOrOptions = {60, "LogicalOrOptions"};
inline constexpr Options kOneHotOptions = {61, "OneHotOptions", {{"axis", kInt32}}};
inline constexpr Options kLogicalAndOptions = {62, "LogicalAndOptions"};
inline constexpr Options kLogicalNotOptions = {63, "LogicalNotOptions"};
inline constexpr Options kUnpackOptions = {
    64, "UnpackOptions", {{"num", kInt32}, {"axis", kInt32}}};
inline constexpr Options kFloorDivOptions = {65, "FloorDivOptions"};
inline constexpr Options kSquareOptions = {66, "SquareOptions"};
inline constexpr Options kZerosLikeOptions = {67, "ZerosLikeOptions"};
inline constexpr Options kFillOptions = {68, "FillOptions"};
inline constexpr Options kBidirectionalSequenceLSTMOptions = {
    69,
    "BidirectionalSequenceLSTMOptions",
    {kActivation,
     {"cell_clip", kFloat},
     {"proj_clip", kFloat},
     {"merge_outputs", kBool},
     {"time_major", kBool, 1},
     {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kBidirectionalSequenceRNNOptions = {
    70,
    "BidirectionalSequenceRNNOptions",
    {{"time_major", kBool},
     kActivation,
     {"merge_outputs", kBool},
     {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kUnidirectionalSequenceLSTMOptions = {
    71,
    "UnidirectionalSequenceLSTMOptions",
    {kActivation,
     {"cell_clip", kFloat},
     {"proj_clip", kFloat},
     {"time_major", kBool},
     {"asymmetric_quantize_inputs", kBool},
     {"diagonal_recurrent_tensors", kBool}}};
inline constexpr Options kFloorModOptions = {72, "FloorModOptions"};
inline constexpr Options kRangeOptions = {73, "RangeOptions"};
inline constexpr Options kResizeNearestNeighborOptions = {
    74, "ResizeNearestNeighborOptions", {{"align_corners", kBool}, {"half_pixel_centers", kBool}}};
inline constexpr Options kLeakyReluOptions = {75, "LeakyReluOptions", {{"alpha", kFloat}}};
inline constexpr Options kSquaredDifferenceOptions = {76, "SquaredDifferenceOptions"};
inline constexpr Options kMirrorPadOptions = {77, "MirrorPadOptions", {{"mode", kInt8, 0, 1}}};
inline constexpr Options kAbsOptions = {78, "AbsOptions"};
inline constexpr Options kSplitVOptions = {79, "SplitVOptions", {{"num_splits", kInt32}}};
inline constexpr Options kUniqueOptions = {80, "UniqueOptions", {{"idx_out_type", kInt8, 2}}};
inline constexpr Options kReverseV2Options = {81, "ReverseV2Options"};
inline constexpr Options kAddNOptions = {82, "AddNOptions"};
inline constexpr Options kGatherNdOptions = {83, "GatherNdOptions"};
inline constexpr Options kCosOptions = {84, "CosOptions"};
inline constexpr Options kWhereOptions = {85, "WhereOptions"};
inline constexpr Options kRankOptions = {86, "RankOptions"};
inline constexpr Options kReverseSequenceOptions = {
    87, "ReverseSequenceOptions", {{"seq_dim", kInt32}, {"batch_dim", kInt32}}};
inline constexpr Options kMatrixDiagOptions = {88, "MatrixDiagOptions"};
inline constexpr Options kQuantizeOptions = {89, "QuantizeOptions"};
inline constexpr Options kMatrixSetDiagOptions = {90, "MatrixSetDiagOptions"};
inline constexpr Options kHardSwishOptions = {91, "HardSwishOptions"};
inline constexpr Options kIfOptions = {
    92, "IfOptions", {{"then_subgraph_index", kInt32}, {"else_subgraph_index", kInt32}}};
inline constexpr Options kWhileOptions = {
    93, "WhileOptions", {{"cond_subgraph_index", kInt32}, {"body_subgraph_index", kInt32}}};
inline constexpr Options kDepthToSpaceOptions = {
    94, "DepthToSpaceOptions", {{"block_size", kInt32}}};
inline constexpr Options kNonMaxSuppressionV4Options = {95, "NonMaxSuppressionV4Options"};
inline constexpr Options kNonMaxSuppressionV5Options = {96, "NonMaxSuppressionV5Options"};
inline constexpr Options kScatterNdOptions = {97, "ScatterNdOptions"};
inline constexpr Options kSelectV2Options = {98, "SelectV2Options"};
inline constexpr Options kDensifyOptions = {99, "DensifyOptions"};
inline constexpr Options kSegmentSumOptions = {100, "SegmentSumOptions"};
inline constexpr Options kBatchMatMulOptions = {
    101,
    "BatchMatMulOptions",
    {{"adj_x", kBool}, {"adj_y", kBool}, {"asymmetric_quantize_inputs", kBool}}};
inline constexpr Options kCumsumOptions = {
    102, "CumsumOptions", {{"exclusive", kBool}, {"reverse", kBool}}};
inline constexpr Options kCallOnceOptions = {
    103, "CallOnceOptions", {{"init_subgraph_index", kInt32}}};
inline constexpr Options kBroadcastToOptions = {104, "BroadcastToOptions"};
inline constexpr Options kRfft2dOptions = {105, "Rfft2dOptions"};
inline constexpr Options kConv3DOptions = {106,
                                           "Conv3DOptions",
                                           {kPadding,
                                            {"stride_d", kInt32},
                                            {"stride_w", kInt32},
                                            {"stride_h", kInt32},
                                            kActivation,
                                            {"dilation_d_factor", kInt32, 1},
                                            {"dilation_w_factor", kInt32, 1},
                                            {"dilation_h_factor", kInt32, 1}}};
inline constexpr Options kHashtableOptions = {
    107, "HashtableOptions", {{"table_id", kInt32}, {"key_dtype", kInt8}, {"value_dtype", kInt8}}};
inline constexpr Options kHashtableFindOptions = {108, "HashtableFindOptions"};
inline constexpr Options kHashtableImportOptions = {109, "HashtableImportOptions"};
inline constexpr Options kHashtableSizeOptions = {110, "HashtableSizeOptions"};
inline constexpr Options kVarHandleOptions = {
    111, "VarHandleOptions", {{"container", kString}, {"shared_name", kString}}};
inline constexpr Options kReadVariableOptions = {112, "ReadVariableOptions"};
inline constexpr Options kAssignVariableOptions = {113, "AssignVariableOptions"};
inline constexpr Options kRandomOptions = {
    114, "RandomOptions", {{"seed", kInt64}, {"seed2", kInt64}}};
inline constexpr Options kGeluOptions = {116, "GeluOptions", {{"approximate", kBool}}};
inline constexpr Options kDynamicUpdateSliceOptions = {117, "DynamicUpdateSliceOptions"};
inline constexpr Options kUnsortedSegmentProdOptions = {118, "UnsortedSegmentProdOptions"};
inline constexpr Options kUnsortedSegmentMaxOptions = {119, "UnsortedSegmentMaxOptions"};
inline constexpr Options kUnsortedSegmentMinOptions = {120, "UnsortedSegmentMinOptions"};
inline constexpr Options kUnsortedSegmentSumOptions = {121, "UnsortedSegmentSumOptions"};
inline constexpr Options kATan2Options = {122, "ATan2Options"};
inline constexpr Options kSignOptions = {123, "SignOptions"};
inline constexpr Options kBitcastOptions = {124, "BitcastOptions"};
inline constexpr Options kBitwiseXorOptions = {125, "BitwiseXorOptions"};
inline constexpr Options kRightShiftOptions = {126, "RightShiftOptions"};

}  // namespace mote::model::options
