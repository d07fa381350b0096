#include "bench/mcu/report.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <functional>

#include "mote/support/cat.h"

namespace mote::bench {
namespace {

/// TensorFlow Lite Micro of summer 2026 with CMSIS-NN, only its int8 kernels, optimised for speed,
/// GCC 12 with upstream's flags or -O3, whichever takes less; counted in the same way under QEMU;
/// on RISC-V it has reference kernels only. RAM is arena, data, bss and painted stack; flash is
/// code and tables besides the model. 0: not measured.
struct Peer {
  const char* model;
  double m4, m55, rv32;  ///< instructions
  double m4_flash_bytes, m4_ram_bytes;
};
constexpr Peer kPeers[] = {
    {"kws_ref_model", 7.70e6, 1.79e6, 53.0e6, 54e3, 24.2e3},
    {"vww_96_int8", 24.1e6, 6.43e6, 138e6, 54e3, 102e3},
    {"pretrainedResnet_quant", 29.9e6, 4.81e6, 170e6, 52e3, 56.3e3},
    {"ad01_int8", 0.582e6, 0.150e6, 2.48e6, 29e3, 3.4e3},
    {"str_ww_ref_model", 2.23e6, 0.410e6, 12.9e6, 52e3, 17.7e3},
    {"micro_speech_quantized", 1.49e6, 0.837e6, 9.0e6, 45e3, 8.1e3},
};

const Peer* peer_of(const std::string& model) {
  const auto* it =
      std::ranges::find_if(kPeers, [&](const Peer& peer) { return peer.model == model; });
  return it == std::end(kPeers) ? nullptr : it;
}

double peer_instructions(const Row& row) {
  const Peer* peer = peer_of(row.model);
  if (!peer) return 0;
  return row.board == "mps2-an386"   ? peer->m4
         : row.board == "mps3-an547" ? peer->m55
         : row.board == "virt-rv32"  ? peer->rv32
                                     : 0;
}

/// Three digits: "7.85 M", "29.4 k".
std::string rounded(double count) {
  const char* unit = count >= 1e6 ? " M" : count >= 1e3 ? " k" : "";
  const double value = count >= 1e6 ? count / 1e6 : count >= 1e3 ? count / 1e3 : count;
  char text[32];
  std::snprintf(text, sizeof text, "%.*f",
                value < 10 && count >= 1e3    ? 2
                : value < 100 && count >= 1e3 ? 1
                                              : 0,
                value);
  return cat(text, unit);
}

/// How many times the peer takes what we do.
std::string ratio(double peer, std::int64_t ours) {
  if (peer == 0 || ours == 0) return "";
  char text[32];
  std::snprintf(text, sizeof text, " (%.2f)", peer / static_cast<double>(ours));
  return text;
}

std::vector<std::string> distinct(const Counts& counts, std::string Row::*name) {
  std::vector<std::string> list;
  for (const Row& row : counts.rows)
    if (std::ranges::find(list, row.*name) == list.end()) list.push_back(row.*name);
  return list;
}

std::string table(const Counts& counts, const std::function<std::string(const Row&)>& cell) {
  const auto models = distinct(counts, &Row::model), boards = distinct(counts, &Row::board);
  std::string text = "| board |";
  for (const std::string& model : models) text += cat(" ", model, " |");
  text += "\n|---|";
  for (std::size_t i = 0; i < models.size(); ++i) text += "---:|";
  for (const std::string& board : boards) {
    text += cat("\n| ", board, " |");
    for (const std::string& model : models) {
      const auto row = std::ranges::find_if(
          counts.rows, [&](const Row& one) { return one.model == model && one.board == board; });
      const bool has_figures = row != counts.rows.end() && row->missing.empty();
      text += cat(" ", has_figures ? cell(*row) : "–", " |");
    }
  }
  return text + "\n";
}

std::string grouped(std::int64_t number) {
  std::string digits = cat(number);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3)
    digits.insert(static_cast<std::size_t>(i), ",");
  return digits;
}

std::string missing_text(const Counts& counts) {
  std::string text;
  for (const Row& row : counts.rows)
    if (!row.missing.empty())
      text += cat("- ", row.model, " on ", row.board, ": ", row.missing, "\n");
  return text.empty() ? "" : cat("\nNo figures:\n\n", text);
}

}  // namespace

std::string markdown(const Counts& counts) {
  std::string text = "Compilers:";
  for (const std::string& compiler : counts.compilers) text += cat(" ", compiler, ";");
  text.back() = '.';
  text += "\n\nInstructions of one run, and in brackets how many times as many the peer takes:\n\n";
  text += table(counts, [](const Row& row) {
    return rounded(static_cast<double>(row.instructions)) +
           ratio(peer_instructions(row), row.instructions);
  });
  text += "\nThe same, weighted by registers moved and branches taken:\n\n";
  text += table(counts, [](const Row& row) { return rounded(static_cast<double>(row.weighted)); });
  text += "\nFlash besides the network's constants, in bytes, beside the peer's on Cortex-M4:\n\n";
  text += table(counts, [](const Row& row) {
    const Peer* peer = row.board == "mps2-an386" ? peer_of(row.model) : nullptr;
    return grouped(row.flash_bytes) + (peer ? ratio(peer->m4_flash_bytes, row.flash_bytes) : "");
  });
  text += "\nConstants in flash, in bytes:\n\n";
  text += table(counts, [](const Row& row) { return grouped(row.const_bytes); });
  text += "\nRAM in all, in bytes, beside the peer's on Cortex-M4; and of that, the stack:\n\n";
  text += table(counts, [](const Row& row) {
    const Peer* peer = row.board == "mps2-an386" ? peer_of(row.model) : nullptr;
    return cat(grouped(row.ram_bytes), peer ? ratio(peer->m4_ram_bytes, row.ram_bytes) : "", "; ",
               grouped(row.stack_bytes));
  });
  return text + missing_text(counts);
}

}  // namespace mote::bench
