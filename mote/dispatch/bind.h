#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include "mote/core/base/tensor_view.h"
#include "mote/core/kernels/isa/tile.h"
#include "mote/dispatch/kernel_table.h"

/// Makes table rows from kernels: the argument list of a kernel says how its operands are unpacked.
namespace mote::dispatch {

/// Dynamic extents: the interpreter's shapes.
using X = Extents;

/// How one parameter of a kernel is made from the operands: a view takes one, a Rescale three, a
/// TileRescale four.
template <class Parameter>
struct Unpack;

template <class T>
struct Unpack<TensorView<T, Extents>> {
  static constexpr int kOperands = 1;
  static TensorView<T, Extents> from(const BoundOperand* operand) {
    return {static_cast<T*>(operand->data), operand->shape};
  }
};

template <class Bias>
struct Unpack<BasicRescale<Bias>> {
  static constexpr int kOperands = 3;
  static BasicRescale<Bias> from(const BoundOperand* operand) {
    return {static_cast<const Bias*>(operand[0].data), static_cast<const int32_t*>(operand[1].data),
            static_cast<const int32_t*>(operand[2].data)};
  }
};

template <>
struct Unpack<isa::TileRescale> {
  static constexpr int kOperands = 4;
  static isa::TileRescale from(const BoundOperand* operand) {
    const auto array = [&](int i) { return static_cast<const int32_t*>(operand[i].data); };
    return {.bias = array(0), .multiplier = array(1), .addend = array(2), .shift = array(3)};
  }
};

/// Where an alternative stands in program::Attributes.
template <class Attrs, class... Alternatives>
constexpr std::size_t index_in(const std::variant<Alternatives...>*) {
  constexpr bool kSame[] = {std::is_same_v<Attrs, Alternatives>...};
  std::size_t i = 0;
  while (!kSame[i]) ++i;
  return i;
}

/// One kernel, seen through its function type.
template <auto kKernel, class Function = decltype(kKernel)>
struct Bound;

template <auto kKernel, class Attrs, class... Parameters>
struct Bound<kKernel, void (*)(const Attrs&, Parameters...)> {
  template <class Parameter>
  using UnpackOf = Unpack<std::remove_cvref_t<Parameter>>;

  static void run(const void* attrs, const BoundOperand* operands) {
    call(attrs, operands, std::index_sequence_for<Parameters...>());
  }
  static constexpr int kOperands = (UnpackOf<Parameters>::kOperands + ... + 0);
  static constexpr KernelRow row(std::string_view name) {
    return {.name = name,
            .run = run,
            .attrs_index = index_in<Attrs>(static_cast<const program::Attributes*>(nullptr)),
            .operand_count = kOperands,
            .signature = Signature::of<std::remove_cvref_t<Parameters>...>()};
  }

 private:
  /// The number of operands before the i-th parameter.
  static constexpr int first_operand(std::size_t i) {
    constexpr int kCounts[] = {UnpackOf<Parameters>::kOperands..., 0};
    int sum = 0;
    for (std::size_t j = 0; j < i; ++j) sum += kCounts[j];
    return sum;
  }
  template <std::size_t... kIndex>
  static void call(const void* attrs, const BoundOperand* operands,
                   std::index_sequence<kIndex...>) {
    kKernel(*static_cast<const Attrs*>(attrs),
            UnpackOf<Parameters>::from(operands + first_operand(kIndex))...);
  }
};

/// Several lists of rows as one.
template <std::size_t... kSizes>
constexpr auto join(const std::array<KernelRow, kSizes>&... lists) {
  std::array<KernelRow, (kSizes + ...)> all{};
  std::size_t i = 0;
  const auto append = [&](const auto& list) {
    for (const KernelRow& row : list) all[i++] = row;
  };
  (append(lists), ...);
  return all;
}

/// A row of the table: `row<conv_2d_s8<Isa, Conv2DAttrs, Extents, Extents,
/// Extents>>("conv_2d_s8")`.
template <auto kKernel>
constexpr KernelRow row(std::string_view name) {
  return Bound<kKernel>::row(name);
}

}  // namespace mote::dispatch
