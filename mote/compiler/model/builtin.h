#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

#include "mote/core/base/dtype.h"

/// TensorFlow Lite's builtin operators, their options and its tensor types: the one description of
/// them, from which both the reader and the writer work.
namespace mote::model {

/// How a field of a table of options is stored, and what Attributes hold for it.
enum class FieldKind : std::uint8_t {
  kInt8,    ///< integer; enumerations too
  kInt32,   ///< integer
  kInt64,   ///< integer
  kBool,    ///< integer, 0 or 1
  kFloat,   ///< double
  kString,  ///< string
  kInts,    ///< a vector of 32-bit integers
  kGone,    ///< deprecated: neither read nor written
};

struct Field {
  const char* name;  ///< the schema's, and the attribute's
  FieldKind kind = FieldKind::kInt32;
  int fallback = 0;  ///< the value of an absent field
  int last = -1;     ///< an enumeration's highest value; -1: any value
};

/// A table of options; a field's place in `fields` is its number in the table.
struct Options {
  static constexpr int kMaxFields = 8;

  int type;  ///< the number in the union BuiltinOptions; kNone and kNotDescribed below
  const char* name;
  std::initializer_list<Field> fields = {};

  std::span<const Field> all() const { return {fields.begin(), fields.size()}; }
};
inline constexpr int kNone = 0;           ///< Options::type of operators without options
inline constexpr int kNotDescribed = -1;  ///< of those whose options mote does not know

struct Builtin {
  int code;
  const char* name;
  const Options* options;
};

inline constexpr int kCustomBuiltin = 32;                   ///< the code of custom operators
inline constexpr std::int8_t kLastDeprecatedBuiltin = 127;  ///< stands for all newer codes

/// The builtin with this code or name; nullptr if there is none.
const Builtin* find_builtin(int code);
const Builtin* find_builtin(std::string_view name);
/// The table of options with this number in the union; nullptr if there is none.
const Options* find_options(int type);
/// How many codes are known: 0 to builtin_count() - 1.
int builtin_count();

struct TensorType {
  const char* name;
  std::optional<DType> type;  ///< none where mote lacks it
};
inline constexpr int kResourceType = 13;  ///< a handle to a variable

/// The tensor type with this number; nullptr if there is none.
const TensorType* find_tensor_type(int code);
int tensor_type_code(DType type);

}  // namespace mote::model
