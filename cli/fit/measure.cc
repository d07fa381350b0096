#include "cli/fit/measure.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "mote/compiler/emit/emit.h"

namespace mote::cli {
namespace {

/// The board with the most memory that runs a target; "": none does.
std::string board_of(std::string_view target) {
  std::string found;
  for (const std::string& board : board_names())
    // The micro:bit is small: networks that it does not hold are measured elsewhere, as the same
    // code.
    if (board_value(board, "target") == target && board != "microbit") found = board;
  return found;
}

}  // namespace

std::vector<std::string> measured_targets() {
  std::vector<std::string> names;
  for (const emit::Target& target : emit::all_targets())
    if (!board_of(target.name).empty()) names.emplace_back(target.name);
  return names;
}

std::string_view measured_as(std::string_view target) {
  return target == "rv32imc" ? "rv32imac" : target;
}

Result<std::vector<OnTarget>> measure(const std::string& model,
                                      const std::vector<std::string>& targets,
                                      const std::vector<std::string>& flags) {
  const auto folder = BoardFolder::create();
  if (!folder) return tl::unexpected(folder.error());
  std::vector<OnTarget> measured;
  for (const std::string& target : targets) measured.push_back({target, board_of(target)});
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < measured.size(); i = next++) {
      auto run = folder->run({.board = measured[i].board, .model = model, .flags = flags});
      if (run)
        measured[i].run = std::move(*run);
      else
        measured[i].obstacle = run.error();
    }
  };
  const std::size_t threads =
      std::min<std::size_t>(targets.size(), std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(work);
  work();
  others.clear();
  return measured;
}

}  // namespace mote::cli
