#include "mote/compiler/passes/evaluate.h"

#include <algorithm>
#include <string_view>
#include <tuple>
#include <type_traits>

#include "mote/core/kernels/add.h"
#include "mote/core/kernels/cast.h"
#include "mote/core/kernels/conv_2d.h"
#include "mote/core/kernels/copy.h"
#include "mote/core/kernels/depthwise_conv_2d.h"
#include "mote/core/kernels/fully_connected.h"
#include "mote/core/kernels/gather.h"
#include "mote/core/kernels/isa/scalar.h"
#include "mote/core/kernels/lookup.h"
#include "mote/core/kernels/maximum_minimum.h"
#include "mote/core/kernels/mul.h"
#include "mote/core/kernels/pad.h"
#include "mote/core/kernels/pool_2d.h"
#include "mote/core/kernels/reduce.h"
#include "mote/core/kernels/requantize.h"
#include "mote/core/kernels/strided_copy.h"
#include "mote/support/cat.h"

namespace mote::passes {
namespace {

using X = Extents;

struct BoundOperand {
  void* data;
  Extents shape;
};

/// One parameter of a kernel from the operands that it takes.
template <class Parameter>
struct Take;

template <class T>
struct Take<TensorView<T, Extents>> {
  static TensorView<T, Extents> from(const BoundOperand*& next) {
    const BoundOperand& operand = *next++;
    return {static_cast<T*>(operand.data), operand.shape};
  }
};

template <class Bias>
struct Take<BasicRescale<Bias>> {
  static BasicRescale<Bias> from(const BoundOperand*& next) {
    const BoundOperand* first = next;
    next += 3;
    return {static_cast<const Bias*>(first[0].data), static_cast<const int32_t*>(first[1].data),
            static_cast<const int32_t*>(first[2].data)};
  }
};

using Run = void (*)(const program::Attributes& attrs, const BoundOperand* operands);

template <auto kKernel, class Function = decltype(kKernel)>
struct Adapter;

template <auto kKernel, class Attrs, class... Parameters>
struct Adapter<kKernel, void (*)(const Attrs&, Parameters...)> {
  static void run(const program::Attributes& attrs, const BoundOperand* operands) {
    // A braced list, because only there arguments are evaluated from left to right.
    std::tuple<std::remove_cvref_t<Parameters>...> parameters{
        Take<std::remove_cvref_t<Parameters>>::from(operands)...};
    std::apply([&](const auto&... p) { kKernel(std::get<Attrs>(attrs), p...); }, parameters);
  }
};

struct Row {
  std::string_view name;
  Run run;
};

template <auto kKernel>
constexpr Row row(std::string_view name) {
  return {name, Adapter<kKernel>::run};
}

using namespace program;
using Isa = isa::Scalar;

constexpr Row kRows[] = {
    row<kernels::conv_2d_s8<Isa, Conv2DAttrs, X, X, X>>("conv_2d_s8"),
    row<kernels::depthwise_conv_2d_s8<Isa, Conv2DAttrs, X, X, X>>("depthwise_conv_2d_s8"),
    row<kernels::fully_connected_s8<Isa, FullyConnectedAttrs, X, X, X>>("fully_connected_s8"),
    row<kernels::add_s8<Isa, AlignedScalesAttrs, X, X, X>>("add_s8"),
    row<kernels::sub_s8<Isa, AlignedScalesAttrs, X, X, X>>("sub_s8"),
    row<kernels::mul_s8<Isa, ProductAttrs, X, X, X>>("mul_s8"),
    row<kernels::maximum_s8<Isa, NoAttrs, X, X, X>>("maximum_s8"),
    row<kernels::minimum_s8<Isa, NoAttrs, X, X, X>>("minimum_s8"),
    row<kernels::lookup_s8<Isa, NoAttrs, X, X, X>>("lookup_s8"),
    row<kernels::average_pool_2d_s8<Isa, Pool2DAttrs, X, X>>("average_pool_2d_s8"),
    row<kernels::max_pool_2d_s8<Isa, Pool2DAttrs, X, X>>("max_pool_2d_s8"),
    row<kernels::reduce_sum_s8<Isa, ReduceSumQuantizedAttrs, X, X>>("reduce_sum_s8"),
    row<kernels::copy_s8<Isa, NoAttrs, X, X>>("copy_s8"),
    row<kernels::strided_copy_s8<Isa, StridedCopyAttrs, X, X>>("strided_copy_s8"),
    row<kernels::strided_copy_s16<Isa, StridedCopyAttrs, X, X>>("strided_copy_s16"),
    row<kernels::strided_copy_s32<Isa, StridedCopyAttrs, X, X>>("strided_copy_s32"),
    row<kernels::gather_s8<Isa, NoAttrs, X, X, X>>("gather_s8"),
    row<kernels::gather_s32<Isa, NoAttrs, X, X, X>>("gather_s32"),
    row<kernels::pad_s8<Isa, PadAttrs, X, X, X>>("pad_s8"),
    row<kernels::pad_s32<Isa, PadAttrs, X, X, X>>("pad_s32"),
    row<kernels::quantize_f32_s8<Isa, ScaleAttrs, X, X>>("quantize_f32_s8"),
    row<kernels::quantize_f32_s16<Isa, ScaleAttrs, X, X>>("quantize_f32_s16"),
    row<kernels::dequantize_s8_f32<Isa, ScaleAttrs, X, X>>("dequantize_s8_f32"),
    row<kernels::dequantize_s16_f32<Isa, ScaleAttrs, X, X>>("dequantize_s16_f32"),
    row<kernels::cast_s32_f32<Isa, NoAttrs, X, X>>("cast_s32_f32"),
    row<kernels::cast_f32_s32<Isa, NoAttrs, X, X>>("cast_f32_s32"),
    row<kernels::add_s32<Isa, ActivationAttrs, X, X, X>>("add_s32"),
    row<kernels::sub_s32<Isa, ActivationAttrs, X, X, X>>("sub_s32"),
    row<kernels::mul_s32<Isa, ActivationAttrs, X, X, X>>("mul_s32"),
    row<kernels::add_f32<Isa, FloatActivationAttrs, X, X, X>>("add_f32"),
    row<kernels::sub_f32<Isa, FloatActivationAttrs, X, X, X>>("sub_f32"),
    row<kernels::mul_f32<Isa, FloatActivationAttrs, X, X, X>>("mul_f32"),
};

Result<Run> find_kernel(std::string_view name) {
  const auto* it = std::find_if(std::begin(kRows), std::end(kRows),
                                [&](const Row& r) { return r.name == name; });
  if (it != std::end(kRows)) return it->run;
  return unsupported(cat("the kernel ", name, " does not run while compiling"));
}

/// Memory that starts where the arena's and the constants' offsets are aligned.
struct Memory {
  explicit Memory(std::int64_t bytes)
      : blocks(static_cast<std::size_t>(bytes / program::kAlignment + 1)) {}
  std::byte* data() { return blocks[0].bytes; }

  struct alignas(program::kAlignment) Block {
    std::byte bytes[program::kAlignment];
  };
  std::vector<Block> blocks;
};

}  // namespace

Result<std::vector<std::vector<std::byte>>> evaluate(
    const Context& context, const graph::Model& model,
    std::span<const std::vector<std::byte>> inputs) {
  const auto program = context.lower(model);
  if (!program) return tl::unexpected(program.error());
  Memory arena(program->arena_bytes);
  Memory constants(static_cast<std::int64_t>(program->constants.size()));
  std::copy(program->constants.begin(), program->constants.end(), constants.data());
  const auto tensor = [&](int id) { return program->tensors[static_cast<std::size_t>(id)]; };
  for (std::size_t i = 0; i < inputs.size(); ++i)
    std::copy(inputs[i].begin(), inputs[i].end(), arena.data() + tensor(program->inputs[i]).offset);
  for (const program::KernelCall& call : program->calls) {
    const auto run = find_kernel(call.kernel);
    if (!run) return tl::unexpected(run.error());
    std::vector<BoundOperand> operands;
    for (const program::Operand& o : call.operands)
      operands.push_back(
          {(o.space == Space::kArena ? arena.data() : constants.data()) + o.offset, o.shape});
    (*run)(call.attrs, operands.data());
  }
  std::vector<std::vector<std::byte>> outputs;
  for (int id : program->outputs) {
    const std::byte* first = arena.data() + tensor(id).offset;
    outputs.emplace_back(first, first + tensor(id).bytes);
  }
  return outputs;
}

Probe::Probe(const graph::Node& node) {
  model_.source = "a probe";
  model_.graphs.emplace_back();
  graph().nodes.push_back({.index = node.index, .op = node.op, .attrs = node.attrs});
}

int Probe::add(graph::Tensor tensor) {
  graph().tensors.push_back(std::move(tensor));
  return static_cast<int>(graph().tensors.size()) - 1;
}

Probe& Probe::input(graph::Tensor tensor, std::vector<std::byte> bytes) {
  tensor.data = {};
  const int index = add(std::move(tensor));
  graph().inputs.push_back(index);
  node().inputs.push_back(index);
  inputs_.push_back(std::move(bytes));
  return *this;
}

Probe& Probe::constant(graph::Tensor tensor, std::vector<std::byte> bytes) {
  model_.storage.push_back(std::make_shared<const std::vector<std::byte>>(std::move(bytes)));
  tensor.data = *model_.storage.back();
  node().inputs.push_back(add(std::move(tensor)));
  return *this;
}

Probe& Probe::no_input() {
  node().inputs.push_back(graph::kNoTensor);
  return *this;
}

Probe& Probe::output(graph::Tensor tensor) {
  const int index = add(std::move(tensor));
  graph().outputs.push_back(index);
  node().outputs.push_back(index);
  return *this;
}

Result<std::vector<std::byte>> Probe::run(const Context& context) const {
  auto outputs = evaluate(context, model_, inputs_);
  if (!outputs) return tl::unexpected(outputs.error());
  return std::move(outputs->front());
}

}  // namespace mote::passes
