#pragma once

/// Numbers of fields in onnx.proto, by message: what the reader and all who write ONNX go by.
namespace mote::onnx::schema {

namespace model {
inline constexpr int kIrVersion = 1, kProducer = 2, kProducerVersion = 3, kGraph = 7, kOpset = 8;
}
namespace opset {
inline constexpr int kDomain = 1, kVersion = 2;
}
namespace graph {
inline constexpr int kNode = 1, kName = 2, kInitializer = 5, kInput = 11, kOutput = 12,
                     kSparse = 15;
}
namespace node {
inline constexpr int kInput = 1, kOutput = 2, kName = 3, kOp = 4, kAttribute = 5, kDomain = 7;
}
namespace attribute {
inline constexpr int kName = 1, kReal = 2, kInteger = 3, kText = 4, kTensor = 5, kGraph = 6,
                     kReals = 7, kIntegers = 8, kGraphs = 11, kType = 20;
/// What stands behind kType.
inline constexpr int kTypeReal = 1, kTypeInteger = 2, kTypeText = 3, kTypeReals = 6,
                     kTypeIntegers = 7;
}  // namespace attribute
namespace tensor {
inline constexpr int kDims = 1, kType = 2, kReals = 4, kInt32s = 5, kInt64s = 7, kName = 8,
                     kRaw = 9, kDoubles = 10, kUint64s = 11, kExternal = 13, kLocation = 14;
}
/// ValueInfoProto, and the messages within, each of which numbers its fields from 1.
namespace value {
inline constexpr int kName = 1, kType = 2;
inline constexpr int kTensorType = 1;            // of the type
inline constexpr int kElement = 1, kShape = 2;   // of the tensor's type
inline constexpr int kDim = 1;                   // of the shape
inline constexpr int kSize = 1, kParameter = 2;  // of the dimension
}  // namespace value

}  // namespace mote::onnx::schema
