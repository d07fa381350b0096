#pragma once

#include <cstdint>
#include <type_traits>

#include "mote/core/base/dtype.h"
#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"

/// What a kernel's parameters are, for those who print calls of it.
namespace mote::dispatch {

/// One parameter of a kernel, made from one or several operands.
struct Parameter {
  enum class Kind : std::uint8_t { kView, kRescale, kRescale64, kTileRescale };
  Kind kind = Kind::kView;
  DType type = DType::kInt8;  ///< of a view's elements
  bool is_const = true;       ///< of a view

  /// How many operands it takes.
  constexpr int operands() const {
    return kind == Kind::kView ? 1 : kind == Kind::kTileRescale ? 4 : 3;
  }
};

/// The parameters after the attributes, in a number: six bits each, the first lowest, 0 at the end.
/// Tables have many rows, and a number needs no relocation when a program starts.
class Signature {
 public:
  static constexpr int kMost = 10;

  constexpr Signature() = default;
  template <class... Parameters>
  static constexpr Signature of() {
    static_assert(sizeof...(Parameters) <= kMost);
    Signature signature;
    int at = 0;
    ((signature.bits_ |= std::uint64_t{code<Parameters>()} << (kBits * at++)), ...);
    return signature;
  }

  constexpr int size() const {
    int count = 0;
    while (count < kMost && (bits_ >> (kBits * count)) % (1 << kBits) != 0) ++count;
    return count;
  }
  constexpr Parameter operator[](int i) const {
    const auto number = static_cast<unsigned>((bits_ >> (kBits * i)) % (1 << kBits)) - 1;
    if (number >= kFirstRescale)
      return {.kind = static_cast<Parameter::Kind>(number - kFirstRescale + 1)};
    return {.type = static_cast<DType>(number / 2), .is_const = number % 2 != 0};
  }

 private:
  static constexpr int kBits = 6;
  static constexpr unsigned kFirstRescale = 32;

  template <class P>
  struct Code;
  template <class T>
  struct Code<TensorView<T, Extents>> {
    static constexpr unsigned kNumber =
        static_cast<unsigned>(dtype_of<std::remove_const_t<T>>) * 2 + std::is_const_v<T>;
  };
  template <class Bias>
  struct Code<BasicRescale<Bias>> {
    static constexpr unsigned kNumber = kFirstRescale + (sizeof(Bias) == 8);
  };
  template <class P>
  static constexpr unsigned code() {
    return Code<P>::kNumber + 1;
  }

  std::uint64_t bits_ = 0;
};

template <>
struct Signature::Code<isa::TileRescale> {
  static constexpr unsigned kNumber = kFirstRescale + 2;
};

}  // namespace mote::dispatch
