#pragma once

#include <cstdint>
#include <limits>

#include "mote/compiler/model/schema.h"
#include "tests/error/model_editor.h"

/// Defects of .tflite files, one in each, and what the reader says of them.
namespace mote::tests {

namespace schema = model::schema;
using File = ModelEditor;

struct Defect {
  const char* name;
  void (*make)(File& file);
  const char* message;  ///< after "x.tflite: "; places and sizes of the file as '#'
};

inline constexpr Defect kDefects[] = {
    {"IdentifierOfAnotherFormat", [](File& file) { file.put(4, std::uint32_t{0x58454c46}); },
     "bytes 4 to 7 of the file are 'FLEX', expected 'TFL3': this is not a TensorFlow Lite model"},
    {"FileOfThreeBytes", [](File& file) { file.bytes().resize(3); },
     "the file has 3 B, too few for a TensorFlow Lite model"},
    {"EmptyFile", [](File& file) { file.bytes().clear(); },
     "the file has 0 B, too few for a TensorFlow Lite model"},
    {"RootBehindTheEnd", [](File& file) { file.put(0, std::uint32_t{1000000}); },
     "the file is damaged: the 'root' of the model points to byte #, but the file has # B; copy it "
     "again or export the model again"},
    {"OlderSchemaVersion",
     [](File& file) { file.set(file.root(), schema::model::kVersion, std::uint32_t{1}); },
     "the model has schema version 1, expected 3; convert it with TensorFlow 2"},
    {"VtableBehindTheEnd", [](File& file) { file.put(file.tensor(1), std::int32_t{-1000000}); },
     "the file is damaged: the 'tensors' of subgraph 0, element 1, has its vtable at byte #, but "
     "the file has # B; copy it again or export the model again"},
    {"VtableBeforeTheFile", [](File& file) { file.put(file.tensor(1), std::int32_t{1000000}); },
     "the file is damaged: the 'tensors' of subgraph 0, element 1, has its vtable at byte #, but "
     "the file has # B; copy it again or export the model again"},
    {"VtableOfOddSize", [](File& file) { file.put(file.vtable(file.node(0)), std::uint16_t{7}); },
     "the file is damaged: the 'operators' of subgraph 0, element 0, has its vtable at byte #, "
     "where one of 7 B cannot be; copy it again or export the model again"},
    {"VtableLargerThanTheFile",
     [](File& file) { file.put(file.vtable(file.node(0)), std::uint16_t{65534}); },
     "the file is damaged: the 'operators' of subgraph 0, element 0, has its vtable at byte #, "
     "where one of 65534 B cannot be; copy it again or export the model again"},
    {"TableLargerThanTheFile",
     [](File& file) { file.put(file.vtable(file.subgraph()) + 2, std::uint16_t{65535}); },
     "the file is damaged: the 'root' of the model has its vtable at byte #, which gives it 65535 "
     "B at byte #; copy it again or export the model again"},
    {"FieldBehindItsTable",
     [](File& file) {
       file.put(file.vtable(file.root()) + 4 + 2 * schema::model::kVersion.index,
                std::uint16_t{4000});
     },
     "the file is damaged: the 'version' of the model lies at byte # of a table of 24 B; copy it "
     "again or export the model again"},
    {"FieldInItsTablesFirstBytes",
     [](File& file) {
       file.put(file.vtable(file.root()) + 4 + 2 * schema::model::kVersion.index, std::uint16_t{2});
     },
     "the file is damaged: the 'version' of the model lies at byte # of a table of 24 B; copy it "
     "again or export the model again"},
    {"OffsetOfATableBehindTheEnd",
     [](File& file) {
       file.put(file.field(file.tensor(0), schema::tensor::kQuantization), std::uint32_t{900000});
     },
     "the file is damaged: the 'quantization' of subgraph 0 tensor 0 'in' points to byte #, but "
     "the file has # B; copy it again or export the model again"},
    {"OffsetOfAVectorBehindTheEnd",
     [](File& file) {
       file.put(file.field(file.tensor(0), schema::tensor::kShape), std::uint32_t{0xffffffff});
     },
     "the file is damaged: the 'shape' of subgraph 0 tensor 0 'in' points to byte #, but the file "
     "has # B; copy it again or export the model again"},
    {"OffsetOfAnElementBehindTheEnd",
     [](File& file) {
       file.put(file.element_offset(file.subgraph(), schema::subgraph::kTensors, 2),
                std::uint32_t{900000});
     },
     "the file is damaged: the 'tensors' of subgraph 0, element 2, points to byte #, but the file "
     "has # B; copy it again or export the model again"},
    {"ShapeLongerThanTheFile",
     [](File& file) { file.put_length(file.tensor(1), schema::tensor::kShape, 1000000); },
     "the file is damaged: the 'shape' of subgraph 0 tensor 1 'filter' has 1000000 elements of 4 B "
     "at byte #, but the file has # B; copy it again or export the model again"},
    {"LengthThatWrapsAround",
     [](File& file) { file.put_length(file.subgraph(), schema::subgraph::kTensors, 0xffffffff); },
     "the file is damaged: the 'tensors' of subgraph 0 has 4294967295 elements of 4 B at byte #, "
     "but the file has # B; copy it again or export the model again"},
    {"ConstantLongerThanTheFile",
     [](File& file) { file.put_length(file.buffer(1), schema::buffer::kData, 1000000); },
     "the file is damaged: the 'data' of buffer 1 has 1000000 elements of 1 B at byte #, but the "
     "file has # B; copy it again or export the model again"},
    {"NameWithoutItsZero",
     [](File& file) {
       const std::size_t name = file.target(file.tensor(0), schema::tensor::kName);
       file.put(name + 4 + file.get<std::uint32_t>(name), 'x');
     },
     "the file is damaged: the 'name' of subgraph 0 tensor 0 has no zero behind its 2 characters; "
     "copy it again or export the model again"},
    {"NameLongerThanTheFile",
     [](File& file) { file.put_length(file.tensor(0), schema::tensor::kName, 100000); },
     "the file is damaged: the 'name' of subgraph 0 tensor 0 has 100000 elements of 1 B at byte #, "
     "but the file has # B; copy it again or export the model again"},
    {"ThousandsOfTensorsInOnePlace", [](File& file) { file.share_one_tensor(10000); },
     "the file is damaged: the 'tensors' of subgraph 0, element 4388, is reached so many times "
     "that reading it would take far more than the file; copy it again or export the model again"},
    {"NoSubgraph", [](File& file) { file.put_length(file.root(), schema::model::kSubgraphs, 0); },
     "the model has no subgraph"},
    {"NoOperatorCodes",
     [](File& file) { file.put_length(file.root(), schema::model::kOperatorCodes, 0); },
     "subgraph 0 node 0 is operator 0 of the file's list, which has 0; export the model again"},
    {"NoBuffers", [](File& file) { file.put_length(file.root(), schema::model::kBuffers, 0); },
     "subgraph 0 tensor 1 'filter' has its data in buffer 1, but the file has 0 buffers; export "
     "the model again"},
    {"ConstantBehindTheFile",
     [](File& file) {
       file.set(file.buffer(1), schema::buffer::kOffset, std::uint64_t{5000000000});
       file.set(file.buffer(1), schema::buffer::kSize, std::uint64_t{18});
     },
     "buffer 1 is said to be the 18 B at byte #, but the file has # B; export the model again"},
    {"ConstantBehindTheFileThatWrapsAround",
     [](File& file) {
       file.set(file.buffer(1), schema::buffer::kOffset, std::uint64_t{16});
       file.set(file.buffer(1), schema::buffer::kSize, ~std::uint64_t{0});
     },
     "buffer 1 is said to be the 18446744073709551615 B at byte #, but the file has # B; export "
     "the model again"},
    {"InputThatIsNoTensor",
     [](File& file) { file.put_element(file.subgraph(), schema::subgraph::kInputs, 0, 6); },
     "input of subgraph 0 is tensor 6, but subgraph 0 has 6 tensors"},
    {"NegativeInput",
     [](File& file) { file.put_element(file.subgraph(), schema::subgraph::kInputs, 0, -1); },
     "input of subgraph 0 is tensor -1, but subgraph 0 has 6 tensors"},
    {"InputThatIsAConstant",
     [](File& file) { file.put_element(file.subgraph(), schema::subgraph::kInputs, 0, 1); },
     "subgraph 0 tensor 1 'filter' is an input and a constant"},
    {"OutputThatIsNoTensor",
     [](File& file) { file.put_element(file.subgraph(), schema::subgraph::kOutputs, 0, 99); },
     "output of subgraph 0 is tensor 99, but subgraph 0 has 6 tensors"},
    {"OutputThatNobodyWrites",
     [](File& file) { file.put_length(file.subgraph(), schema::subgraph::kOperators, 1); },
     "subgraph 0 tensor 5 'out' is an output that no node writes"},
    {"OperatorThatIsNotInTheList",
     [](File& file) { file.set(file.node(1), schema::node::kOpcodeIndex, std::uint32_t{2}); },
     "subgraph 0 node 1 is operator 2 of the file's list, which has 2; export the model again"},
    {"BuiltinCodeOfTheFuture",
     [](File& file) {
       file.set(file.code(1), schema::operator_code::kBuiltinCode, std::int32_t{4711});
     },
     "subgraph 0 node 1 is builtin operator 4711, mote knows those from 0 to 209; convert the "
     "model with an older TensorFlow"},
    {"CustomOperatorWithoutAName",
     [](File& file) {
       file.set(file.code(1), schema::operator_code::kBuiltinCode, std::int32_t{32});
     },
     "subgraph 0 node 1 is a custom operator without a name; export the model again"},
    {"NodeThatReadsNoTensor",
     [](File& file) { file.put_element(file.node(0), schema::node::kInputs, 1, 6); },
     "an input of subgraph 0 node 0 CONV_2D is tensor 6, but subgraph 0 has 6 tensors"},
    {"NodeThatReadsANegativeTensor",
     [](File& file) { file.put_element(file.node(0), schema::node::kInputs, 1, -2); },
     "an input of subgraph 0 node 0 CONV_2D is tensor -2, but subgraph 0 has 6 tensors"},
    {"NodeThatWritesNoTensor",
     [](File& file) { file.put_element(file.node(0), schema::node::kOutputs, 0, -1); },
     "an output of subgraph 0 node 0 CONV_2D is tensor -1, but subgraph 0 has 6 tensors"},
    {"NodeThatReadsWhatComesLater",
     [](File& file) { file.put_element(file.node(0), schema::node::kInputs, 0, 5); },
     "subgraph 0 node 0 CONV_2D reads subgraph 0 tensor 5 'out' before any node has written it"},
    {"NodeThatReadsItsOwnOutput",
     [](File& file) { file.put_element(file.node(0), schema::node::kInputs, 0, 3); },
     "subgraph 0 node 0 CONV_2D reads subgraph 0 tensor 3 'conv' before any node has written it"},
    {"NodeThatWritesAConstant",
     [](File& file) { file.put_element(file.node(0), schema::node::kOutputs, 0, 2); },
     "subgraph 0 node 0 CONV_2D writes subgraph 0 tensor 2 'bias', which has a value already"},
    {"NodeThatWritesAnInput",
     [](File& file) { file.put_element(file.node(0), schema::node::kOutputs, 0, 0); },
     "subgraph 0 node 0 CONV_2D writes subgraph 0 tensor 0 'in', which has a value already"},
    {"ValueThatIsWrittenTwice",
     [](File& file) { file.put_element(file.node(1), schema::node::kOutputs, 0, 3); },
     "subgraph 0 node 1 RESHAPE writes subgraph 0 tensor 3 'conv', which has a value already"},
    {"IntermediateThatIsNoTensor",
     [](File& file) {
       file.set_vector(file.node(0), schema::node::kIntermediates,
                       std::vector<std::int32_t>{0, 77});
     },
     "an intermediate of subgraph 0 node 0 CONV_2D is tensor 77, but subgraph 0 has 6 tensors"},
    {"OptionsOfAnotherOperator",
     [](File& file) { file.set(file.node(0), schema::node::kBuiltinOptionsType, std::uint8_t{9}); },
     "subgraph 0 node 0 CONV_2D has options of type SoftmaxOptions, expected Conv2DOptions; export "
     "the model again"},
    {"OptionsOfNoOperator",
     [](File& file) {
       file.set(file.node(0), schema::node::kBuiltinOptionsType, std::uint8_t{250});
     },
     "subgraph 0 node 0 CONV_2D has options of type 250, expected Conv2DOptions; export the model "
     "again"},
    {"PaddingThatDoesNotExist",
     [](File& file) {
       file.set(file.options(0), {"padding", 0}, std::int8_t{7});
     },
     "subgraph 0 node 0 CONV_2D has padding 7, expected 0 to 1; export the model again"},
    {"ActivationThatDoesNotExist",
     [](File& file) {
       file.set(file.options(0), {"fused_activation_function", 3}, std::int8_t{-1});
     },
     "subgraph 0 node 0 CONV_2D has fused_activation_function -1, expected 0 to 5; export the "
     "model again"},
    {"NewShapeLongerThanTheFile",
     [](File& file) {
       file.put_length(file.options(1), {"new_shape", 0}, 70000);
     },
     "the file is damaged: the 'new_shape' of subgraph 0 node 1 RESHAPE has 70000 elements of 4 B "
     "at byte #, but the file has # B; copy it again or export the model again"},
    {"CustomOptionsBehindTheFile",
     [](File& file) {
       file.set(file.code(1), schema::operator_code::kBuiltinCode, std::int32_t{32});
       file.set_vector(file.code(1), schema::operator_code::kCustomCode,
                       std::vector<char>{'m', 'i', 'n', 'e', 0});
       file.put_length(file.code(1), schema::operator_code::kCustomCode, 4);
       file.set(file.node(1), schema::node::kLargeCustomOptionsOffset, std::uint64_t{7000000000});
       file.set(file.node(1), schema::node::kLargeCustomOptionsSize, std::uint64_t{1});
     },
     "subgraph 0 node 1 mine is said to have its options in the 1 B at byte #, but the file has # "
     "B; export the model again"},
    {"TensorWithoutItsBuffer",
     [](File& file) { file.set(file.tensor(1), schema::tensor::kBuffer, std::uint32_t{9}); },
     "subgraph 0 tensor 1 'filter' has its data in buffer 9, but the file has 4 buffers; export "
     "the model again"},
    {"BufferThatIsTooShort",
     [](File& file) { file.put_length(file.buffer(1), schema::buffer::kData, 17); },
     "subgraph 0 tensor 1 'filter' of type INT8 and shape [2, 3, 3, 1] takes 18 B, but its buffer "
     "has 17 B"},
    {"BufferThatIsTooLong",
     [](File& file) { file.put_element(file.tensor(4), schema::tensor::kShape, 0, 1); },
     "subgraph 0 tensor 4 'shape' of type INT32 and shape [1] takes 4 B, but its buffer has 8 B"},
    {"DimensionOfZero",
     [](File& file) { file.put_element(file.tensor(3), schema::tensor::kShape, 1, 0); },
     "subgraph 0 tensor 3 'conv' has shape [1, 0, 2, 2], expected every dimension to be at least "
     "1; export the model with a fixed input shape"},
    {"DimensionThatIsLeftOpen",
     [](File& file) { file.put_element(file.tensor(0), schema::tensor::kShape, 0, -1); },
     "subgraph 0 tensor 0 'in' has shape [-1, 4, 4, 1], expected every dimension to be at least 1; "
     "export the model with a fixed input shape"},
    {"ShapeWhoseProductOverflows",
     [](File& file) {
       for (int i = 0; i < 4; ++i)
         file.put_element(file.tensor(3), schema::tensor::kShape, i, 1 << 16);
     },
     "subgraph 0 tensor 3 'conv' has shape [65536, 65536, 65536, 65536], more than the 2147483647 "
     "B that a tensor may have"},
    {"ShapeOfMoreThanTwoGigabytes",
     [](File& file) {
       file.put_element(file.tensor(3), schema::tensor::kShape, 0, std::numeric_limits<int>::max());
     },
     "subgraph 0 tensor 3 'conv' has shape [2147483647, 2, 2, 2], more than the 2147483647 B that "
     "a tensor may have"},
    {"HalfPrecision",
     [](File& file) { file.set(file.tensor(0), schema::tensor::kType, std::int8_t{1}); },
     "subgraph 0 tensor 0 'in' is FLOAT16 (node 0 CONV_2D); mote has FLOAT32, BOOL and integers of "
     "8 "
     "to 64 bits; export the model with float32 or int8 weights, or without these operators"},
    {"TextTensorsInTwoPlaces",
     [](File& file) {
       file.set(file.tensor(3), schema::tensor::kType, std::int8_t{5});
       file.set(file.tensor(5), schema::tensor::kType, std::int8_t{5});
     },
     "subgraph 0 tensor 3 'conv' is STRING (node 0 CONV_2D); subgraph 0 tensor 5 'out' is STRING "
     "(node 1 RESHAPE); mote has FLOAT32, BOOL and integers of 8 to 64 bits; export the "
     "model with float32 or int8 weights, or without these operators"},
    {"TypeOfTheFuture",
     [](File& file) { file.set(file.tensor(0), schema::tensor::kType, std::int8_t{100}); },
     "subgraph 0 tensor 0 'in' has the element type 100, which mote does not know; convert the "
     "model with an older TensorFlow"},
    {"ConstantThatIsAVariable",
     [](File& file) { file.set(file.tensor(1), schema::tensor::kIsVariable, std::uint8_t{1}); },
     "subgraph 0 tensor 1 'filter' is both a constant and a variable"},
    {"SparseTensor",
     [](File& file) { file.set(file.tensor(1), schema::tensor::kSparsity, std::uint32_t{4}); },
     "subgraph 0 tensor 1 'filter' is stored sparse; export the model without sparsity"},
    {"TensorInAnotherFile",
     [](File& file) {
       file.set(file.tensor(1), schema::tensor::kExternalBuffer, std::uint32_t{1});
     },
     "subgraph 0 tensor 1 'filter' keeps its data in another file; export the model whole"},
    {"QuantizationInBlocks",
     [](File& file) {
       file.set(file.quantization(1), schema::quantization::kDetailsType, std::uint8_t{2});
     },
     "subgraph 0 tensor 1 'filter' is quantized in blocks or in a way of its own; quantize the "
     "model with one scale a tensor or a channel"},
    {"ScaleOfZero",
     [](File& file) {
       file.put_element(file.quantization(0), schema::quantization::kScale, 0, 0.0f);
     },
     "subgraph 0 tensor 0 'in' has the scale 0, expected a positive number"},
    {"NegativeScale",
     [](File& file) {
       file.put_element(file.quantization(0), schema::quantization::kScale, 0, -0.5f);
     },
     "subgraph 0 tensor 0 'in' has the scale -0.5, expected a positive number"},
    {"ScaleThatIsNotANumber",
     [](File& file) {
       file.put_element(file.quantization(1), schema::quantization::kScale, 1,
                        std::numeric_limits<float>::quiet_NaN());
     },
     "subgraph 0 tensor 1 'filter' has the scale nan, expected a positive number"},
    {"InfiniteScale",
     [](File& file) {
       file.put_element(file.quantization(1), schema::quantization::kScale, 1,
                        std::numeric_limits<float>::infinity());
     },
     "subgraph 0 tensor 1 'filter' has the scale inf, expected a positive number"},
    {"FewerZeroPointsThanScales",
     [](File& file) { file.put_length(file.quantization(1), schema::quantization::kZeroPoint, 1); },
     "subgraph 0 tensor 1 'filter' has 2 scales and 1 zero points, expected as many"},
    {"ZeroPointOutOfItsType",
     [](File& file) {
       file.put_element(file.quantization(0), schema::quantization::kZeroPoint, 0,
                        std::int64_t{200});
     },
     "subgraph 0 tensor 0 'in' of type INT8 has the zero point 200, expected one from -128 to 127"},
    {"ZeroPointWithoutAScale",
     [](File& file) { file.put_length(file.quantization(0), schema::quantization::kScale, 0); },
     "subgraph 0 tensor 0 'in' has 0 scales and 1 zero points, expected as many"},
    {"ScalesForOtherChannels",
     [](File& file) {
       file.set(file.quantization(1), schema::quantization::kQuantizedDimension, 1);
     },
     "subgraph 0 tensor 1 'filter' has 2 scales along dimension 1 of its shape [2, 3, 3, 1], "
     "expected one a channel"},
    {"ScalesAlongADimensionThatIsNotThere",
     [](File& file) {
       file.set(file.quantization(1), schema::quantization::kQuantizedDimension, 4);
     },
     "subgraph 0 tensor 1 'filter' has 2 scales along dimension 4 of its shape [2, 3, 3, 1], "
     "expected one a channel"},
    {"ScalesAlongANegativeDimension",
     [](File& file) {
       file.set(file.quantization(1), schema::quantization::kQuantizedDimension, -1);
     },
     "subgraph 0 tensor 1 'filter' has 2 scales along dimension -1 of its shape [2, 3, 3, 1], "
     "expected one a channel"},
};

}  // namespace mote::tests
