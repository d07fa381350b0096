#include "cli/saved_tensors.h"

#include <algorithm>
#include <filesystem>

#include "cli/format.h"
#include "cli/load.h"
#include "mote/host/tensor_io/npy.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

using program::TensorInfo;

std::vector<int> shape_of_runs(const TensorInfo& info, int runs) {
  std::vector<int> shape = info.shape;
  if (runs == 1) return shape;
  if (!shape.empty() && shape[0] == 1)
    shape[0] = runs;
  else
    shape.insert(shape.begin(), runs);
  return shape;
}

/// The node that computes each tensor, by its place in Program::tensors.
std::vector<std::string> writers(const program::Program& program) {
  std::vector<std::string> nodes(program.tensors.size());
  for (const program::KernelCall& call : program.calls)
    for (int id : call.writes) nodes[static_cast<std::size_t>(id)] = call.node;
  return nodes;
}

}  // namespace

std::vector<std::byte> as_npy(const TensorInfo& info, int runs, std::span<const std::byte> bytes) {
  return tensor_io::write_npy(info.type, shape_of_runs(info, runs), bytes);
}

SavedTensors::SavedTensors(const program::Program& program)
    : program_(&program), tensors_(program.tensors.size()) {}

void SavedTensors::add(int id, std::span<const std::byte> bytes) {
  auto& all = tensors_[static_cast<std::size_t>(id)];
  all.resize(static_cast<std::size_t>(runs_) * bytes.size());  // a tensor written twice: the last
  all.insert(all.end(), bytes.begin(), bytes.end());
}

void SavedTensors::run(runtime::Interpreter& interpreter) {
  const auto keep = [&](int id) { add(id, interpreter.tensor(id).bytes()); };
  for (int id : program_->inputs) keep(id);
  interpreter.run([&](int call) {
    for (int id : program_->calls[static_cast<std::size_t>(call)].writes) keep(id);
  });
  end_run();
}

std::span<const std::byte> SavedTensors::bytes(int id, int run) const {
  const auto& all = tensors_[static_cast<std::size_t>(id)];
  const auto size = static_cast<std::size_t>(program_->tensors[static_cast<std::size_t>(id)].bytes);
  if (all.empty()) return {};
  return std::span(all).subspan(static_cast<std::size_t>(run) * size, size);
}

Result<void> SavedTensors::write(const std::string& folder) const {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error)
    return fail(ErrorCode::kIo, cat("cannot make the folder '", folder, "': ", error.message()));
  const auto nodes = writers(*program_);
  Json::Array list;
  for (std::size_t id = 0; id < tensors_.size(); ++id) {
    const TensorInfo& info = program_->tensors[id];
    if (tensors_[id].empty()) continue;
    const std::string name = cat(info.index, ".npy");
    MOTE_TRY(write_file(cat(folder, "/", name), as_npy(info, runs_, tensors_[id])));
    list.push_back(Json::Object{{"file", name},
                                {"tensor", info.index},
                                {"name", info.name},
                                {"type", name_of(info.type)},
                                {"shape", info.shape},
                                {"scale", double{info.scale}},
                                {"zero_point", info.zero_point},
                                {"node", nodes[id].empty() ? Json("input") : Json(nodes[id])}});
  }
  const std::string manifest = dump(
      Json::Object{{"model", program_->source}, {"runs", runs_}, {"tensors", std::move(list)}});
  return write_file(cat(folder, "/manifest.json"), std::as_bytes(std::span(manifest)));
}

Result<void> SavedTensors::read_tensor(const std::string& folder, int id) {
  const TensorInfo& info = program_->tensors[static_cast<std::size_t>(id)];
  const std::string npy = cat(folder, "/", info.index, ".npy");
  const std::string bin = cat(folder, "/", info.index, ".bin");
  const bool is_npy = std::filesystem::exists(npy);
  const std::string& path = is_npy ? npy : bin;
  if (!is_npy && !std::filesystem::exists(bin)) return {};
  auto file = read_file(path);
  if (!file) return tl::unexpected(file.error());
  if (is_npy) {
    auto array = tensor_io::read_npy(*file, cat("'", path, "'"));
    if (!array) return tl::unexpected(array.error());
    if (array->type == DType::kUint8 && info.from_uint8)
      for (std::byte& b : array->data) b ^= std::byte{0x80};
    else if (array->type != info.type)
      return bad_input(cat("'", path, "' holds ", name_of(array->type), ", the tensor '", info.name,
                           "' is ", name_of(info.type)));
    *file = std::move(array->data);
  }
  const auto size = static_cast<std::size_t>(info.bytes);
  if (file->empty() || file->size() % size != 0)
    return bad_input(cat("'", path, "' has ", file->size(), " B, the tensor '", info.name, "' ",
                         shape_text(info.shape), " has ", size, " B a run"));
  const int runs = static_cast<int>(file->size() / size);
  if (runs_ != 0 && runs_ != runs)
    return bad_input(cat("'", path, "' holds ", plural(runs, "run"), ", the files before it ",
                         plural(runs_, "run")));
  runs_ = runs;
  tensors_[static_cast<std::size_t>(id)] = std::move(*file);
  return {};
}

Result<SavedTensors> SavedTensors::read(const std::string& folder,
                                        const program::Program& program) {
  if (!std::filesystem::is_directory(folder))
    return fail(ErrorCode::kIo, cat("'", folder,
                                    "' is no folder; `mote run --save-tensors=DIR` "
                                    "makes one"));
  SavedTensors saved(program);
  for (std::size_t id = 0; id < program.tensors.size(); ++id)
    MOTE_TRY(saved.read_tensor(folder, static_cast<int>(id)));
  if (saved.runs_ == 0)
    return bad_input(cat("'", folder, "' holds no tensor of this model: expected files such as ",
                         program.tensors.empty() ? 0 : program.tensors[0].index,
                         ".npy or .bin, named by the tensor's index"));
  return saved;
}

}  // namespace mote::cli
