#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

namespace mote::model {

/// Reads a TensorFlow Lite model (.tflite, FlatBuffers with the identifier TFL3).
///
/// Trusts nothing: any bytes give a model that satisfies graph::verify, or an error. Time and
/// memory are O(file size), whatever the file claims. Constants are not copied: they point into
/// `bytes`, which Model::storage keeps.
///
///   Attributes          the schema's field names; every field is set, the absent ones to their
///                       default; enumerations are integers (padding: 0 SAME, 1 VALID).
///   "custom_options"    the bytes of a custom operator's options, where there are any
///   "intermediates"     indices of an LSTM's intermediate tensors, where there are any
///   names               control characters are replaced by '?'
///
/// `source` is the file's name, for messages.
///
/// @returns the model, or
/// - kBadInput: the file is damaged, or contradicts itself;
/// - kUnsupported: it uses a tensor type, an operator code or a storage form that mote lacks.
Result<graph::Model> read_tflite(std::shared_ptr<const std::vector<std::byte>> bytes,
                                 const std::string& source);

/// The same with what running it needs not: the file's metadata and signatures. To write the model
/// again with all that it had.
Result<graph::Model> read_tflite_with_extras(std::shared_ptr<const std::vector<std::byte>> bytes,
                                             const std::string& source);

/// Writes a model as TensorFlow Lite and TensorFlow Lite Micro read it: read_tflite gives it back.
///
/// Deterministic: the same model gives the same bytes. Constants are aligned to 16 B; tensors that
/// share their bytes share a buffer. Operators have the version that their types and options need;
/// a RESHAPE without a shape is given that of its output. Metadata and signatures are written.
///
/// @returns the file's bytes, or
/// - kBadInput: the model violates graph::verify;
/// - kUnsupported: an operator or an attribute has no place in the format, or the constants take
///   more than the 2 GB that it can hold.
Result<std::vector<std::byte>> write_tflite(const graph::Model& model);

}  // namespace mote::model
