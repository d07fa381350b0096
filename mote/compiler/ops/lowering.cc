#include "mote/compiler/ops/lowering.h"

#include <algorithm>

#include "mote/compiler/ops/op.h"
#include "mote/support/cat.h"

namespace mote::ops {

Extents extents_of(const graph::Tensor& tensor) {
  Extents extents;
  extents.rank = static_cast<int>(tensor.shape.size());
  std::copy(tensor.shape.begin(), tensor.shape.end(), extents.dims);
  return extents;
}

int Lowering::add_buffer(DraftBuffer buffer) {
  buffers.push_back(std::move(buffer));
  return static_cast<int>(buffers.size()) - 1;
}

/// Finds where a tensor lies, giving it a place at its first mention.
Lowering::Place& Lowering::place(int tensor) {
  Place& place = places_[{graph_, tensor}];
  if (place.offset >= 0) return place;
  const graph::Tensor& info = graph().tensors[static_cast<std::size_t>(tensor)];
  if (info.is_constant()) {
    place = {.buffer = -1, .offset = constant_bytes(info.data, info.type, {}).operand.offset};
    return place;
  }
  if (info.is_source) return place = {.buffer = -1, .offset = 0};
  // The reference fills every byte of an int8 variable with its zero point, and others with zero.
  const int fill = info.is_variable && info.type == DType::kInt8 ? info.zero_point() : 0;
  const int buffer = add_buffer({.name = info.name,
                                 .bytes = graph::byte_count(info),
                                 .is_state = info.is_variable,
                                 .fill = static_cast<std::uint8_t>(fill)});
  place = {.buffer = buffer, .offset = 0};
  return place;
}

DraftOperand Lowering::operand(int tensor, const Extents& shape, Access access) {
  const Place& where = place(tensor);
  const graph::Tensor& info = graph().tensors[static_cast<std::size_t>(tensor)];
  const Space space = info.is_source     ? Space::kSource
                      : where.buffer < 0 ? Space::kConstants
                                         : Space::kArena;
  return {.operand = {.space = space,
                      .access = access,
                      .type = info.type,
                      .shape = shape,
                      .offset = where.offset},
          .buffer = where.buffer};
}

DraftOperand Lowering::read(int tensor) {
  return read(tensor, extents_of(graph().tensors[static_cast<std::size_t>(tensor)]));
}
DraftOperand Lowering::read(int tensor, const Extents& shape) {
  return operand(tensor, shape, Access::kRead);
}
DraftOperand Lowering::write(int tensor) {
  return write(tensor, extents_of(graph().tensors[static_cast<std::size_t>(tensor)]));
}
DraftOperand Lowering::write(int tensor, const Extents& shape) {
  return operand(tensor, shape, Access::kWrite);
}
DraftOperand Lowering::state(int tensor, const Extents& shape) {
  return operand(tensor, shape, Access::kReadWrite);
}

DraftOperand Lowering::state(const std::string& key, DType type, const Extents& shape,
                             std::uint8_t fill) {
  const auto [it, is_new] = states_.try_emplace(key, static_cast<int>(buffers.size()));
  if (is_new)
    add_buffer({.name = key,
                .bytes = std::int64_t{volume(shape)} * size_of(type),
                .is_state = true,
                .fill = fill});
  return {.operand = {.access = Access::kReadWrite, .type = type, .shape = shape},
          .buffer = it->second};
}

DraftOperand Lowering::scratch(DType type, const Extents& shape) {
  const int buffer = add_buffer({.name = cat("scratch of ", graph::describe(graph(), *node_)),
                                 .bytes = std::int64_t{volume(shape)} * size_of(type)});
  return {.operand = {.access = Access::kReadWrite, .type = type, .shape = shape},
          .buffer = buffer};
}

DraftOperand Lowering::constant_bytes(std::span<const std::byte> bytes, DType type,
                                      const Extents& shape) {
  const std::string_view content(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  auto place = constant_places_.find(content);
  if (place == constant_places_.end()) {
    constexpr std::size_t kLine = 64;  // of a cache: registers as wide should not cross two
    const std::size_t alignment = bytes.size() < kLine ? program::kAlignment : kLine;
    const auto aligned = (constants.size() + alignment - 1) / alignment * alignment;
    constants.resize(aligned);
    constants.insert(constants.end(), bytes.begin(), bytes.end());
    place = constant_places_.insert({static_cast<std::int64_t>(aligned), std::ssize(bytes)}).first;
  }
  return {.operand = {
              .space = Space::kConstants, .type = type, .shape = shape, .offset = place->offset}};
}

void Lowering::call(DraftCall call) {
  call.node = node_ ? graph::describe(graph(), *node_) : "program outputs";
  call.op = node_ ? node_->op : "COPY";
  call.graph = graph_;
  (in_setup_ ? setup_calls : calls).push_back(std::move(call));
}

bool Lowering::is_state(const Place& place) const {
  return place.buffer >= 0 && buffers[static_cast<std::size_t>(place.buffer)].is_state;
}

/// Adds the call that copies one tensor to another of the same size.
void Lowering::copy_bytes(int output, int input) {
  const auto count =
      static_cast<int>(graph::byte_count(graph().tensors[static_cast<std::size_t>(output)]));
  DraftOperand source = read(input, Extents(count)), target = write(output, Extents(count));
  source.operand.type = target.operand.type = DType::kInt8;
  call({.kernel = "copy_s8", .operands = {source, target}});
}

void Lowering::alias(int output, int input) {
  const Place from = place(input);
  if (is_state(from)) return copy_bytes(output, input);
  places_[{graph_, output}] = from;
}

Result<void> Lowering::setup(int graph_index) {
  if (!setup_graphs_.insert(graph_index).second) return {};
  const int outer_graph = graph_;
  const graph::Node* outer_node = node_;
  const bool outer_in_setup = in_setup_;
  in_setup_ = true;
  auto result = lower_graph(graph_index);
  graph_ = outer_graph, node_ = outer_node, in_setup_ = outer_in_setup;
  return result;
}

Result<void> Lowering::lower_graph(int index) {
  graph_ = index;
  if (index == 0) {
    MOTE_TRY(check_ports());
    std::size_t bytes = 0;
    for (const graph::Tensor& tensor : graph().tensors) bytes += tensor.data.size();
    constants.reserve(bytes + bytes / 2);  // packed filters and single roundings take more
  }
  for (int input : graph().inputs) place(input);
  for (const graph::Node& node : graph().nodes) {
    node_ = &node;
    std::vector<DraftCall>& list = in_setup_ ? setup_calls : calls;
    const std::size_t before = list.size();
    MOTE_TRY(find_op(node.op)->lower(graph(), node, *this));
    if (list.size() > before) list.back().writes = node.outputs;
  }
  node_ = nullptr;
  if (index == 0) copy_constant_outputs();
  return {};
}

Result<void> Lowering::check_ports() const {
  for (const auto* ports : {&graph().inputs, &graph().outputs})
    for (int port : *ports)
      if (const auto& info = graph().tensors[static_cast<std::size_t>(port)]; info.is_resource)
        return unsupported(cat("the network's input or output '", info.name,
                               "' is a variable's handle, expected numbers"));
  return {};
}

/// The program's outputs lie in the arena: one that is a constant, or state that the next run
/// changes, is copied there by a call of its own.
void Lowering::copy_constant_outputs() {
  for (int output : graph().outputs) {
    const Place from = place(output);
    if (from.buffer >= 0 && !is_state(from)) continue;
    const graph::Tensor& info = graph().tensors[static_cast<std::size_t>(output)];
    const Extents bytes(static_cast<int>(graph::byte_count(info)));
    DraftOperand source = read(output, bytes);
    places_[{graph_, output}] = {
        .buffer = add_buffer({.name = info.name, .bytes = graph::byte_count(info)}), .offset = 0};
    DraftOperand target = write(output, bytes);
    source.operand.type = target.operand.type = DType::kInt8;
    call({.kernel = "copy_s8", .operands = {source, target}});
    calls.back().writes = {output};
  }
}

std::optional<DraftOperand> Lowering::place_of(int tensor) const {
  const auto it = places_.find({0, tensor});
  if (it == places_.end()) return std::nullopt;
  const graph::Tensor& info = model_.graphs[0].tensors[static_cast<std::size_t>(tensor)];
  if (info.is_source) return DraftOperand{.operand = {.space = Space::kSource, .type = info.type}};
  if (it->second.buffer < 0) return std::nullopt;
  return DraftOperand{.operand = {.type = info.type, .offset = it->second.offset},
                      .buffer = it->second.buffer};
}

std::vector<int> Lowering::buffers_at_start() const {
  std::vector<int> list;
  for (int input : model_.graphs[0].inputs)
    if (const int buffer = places_.at({0, input}).buffer; buffer >= 0) list.push_back(buffer);
  for (int b = 0; b < static_cast<int>(buffers.size()); ++b)
    if (buffers[static_cast<std::size_t>(b)].is_state) list.push_back(b);
  return list;
}

std::vector<int> Lowering::buffers_at_end() const {
  std::vector<int> list;
  for (int output : model_.graphs[0].outputs)
    if (const int buffer = places_.at({0, output}).buffer; buffer >= 0) list.push_back(buffer);
  for (int b = 0; b < static_cast<int>(buffers.size()); ++b)
    if (buffers[static_cast<std::size_t>(b)].is_state) list.push_back(b);
  return list;
}

void Lowering::find_lifetimes() {
  for (DraftBuffer& buffer : buffers) buffer.first_use = buffer.last_use = -1;
  const int start = static_cast<int>(setup_calls.size());
  const int end = start + static_cast<int>(calls.size());
  const auto use = [&](int buffer, int when) {
    if (buffer < 0) return;
    DraftBuffer& b = buffers[static_cast<std::size_t>(buffer)];
    b.first_use = b.first_use < 0 ? when : std::min(b.first_use, when);
    b.last_use = std::max(b.last_use, when);
  };
  for (int i = 0; i < end; ++i) {
    const bool in_setup = i < start;
    const DraftCall& call = in_setup ? setup_calls[static_cast<std::size_t>(i)]
                                     : calls[static_cast<std::size_t>(i - start)];
    for (const DraftOperand& operand : call.operands) use(operand.buffer, i);
  }
  const graph::Graph& main = model_.graphs[0];
  for (int input : main.inputs) use(places_.at({0, input}).buffer, start);
  for (int output : main.outputs) use(places_.at({0, output}).buffer, end);
  for (int b = 0; b < static_cast<int>(buffers.size()); ++b)
    if (buffers[static_cast<std::size_t>(b)].is_state) use(b, 0), use(b, end);
}

}  // namespace mote::ops
