#include "mote/host/diagnose/read_inputs.h"

#include <algorithm>
#include <filesystem>

#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::diagnose {
namespace {

namespace fs = std::filesystem;

Result<File> read(const std::string& path) {
  auto bytes = read_file(path, kLargestFile);
  if (!bytes) return tl::unexpected(bytes.error());
  return File{path, std::move(*bytes)};
}

bool is_recording(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension == ".wav" || extension == ".WAV" || extension == ".csv" || extension == ".CSV";
}

/// A file stands for itself, a folder for the recordings in it.
Result<std::vector<std::string>> expand(const std::string& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(path, error))
    if (is_recording(entry.path())) files.push_back(entry.path().string());
  if (error) return fail(ErrorCode::kIo, cat("cannot list '", path, "': ", error.message()));
  if (files.empty()) return bad_input(cat("the folder '", path, "' has no .wav or .csv file"));
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

Result<Inputs> read_inputs(const InputPaths& paths) {
  auto recording = read(paths.recording);
  if (!recording) return tl::unexpected(recording.error());
  Inputs inputs{.recording = std::move(*recording), .baselines = {}, .times = {}, .index = {}};
  for (const std::string& path : paths.baselines) {
    const auto files = expand(path);
    if (!files) return tl::unexpected(files.error());
    for (const std::string& file : *files) {
      auto baseline = read(file);
      if (!baseline) return tl::unexpected(baseline.error());
      inputs.baselines.push_back(std::move(*baseline));
    }
  }
  const std::pair<const std::string*, std::optional<File>*> tables[] = {
      {&paths.times, &inputs.times}, {&paths.index, &inputs.index}};
  for (const auto& [path, target] : tables) {
    if (path->empty()) continue;
    auto file = read(*path);
    if (!file) return tl::unexpected(file.error());
    *target = std::move(*file);
  }
  return inputs;
}

}  // namespace mote::diagnose
