// What script/board has printed for many networks and boards, as tables:
//     mote_mcu_report --json=FILE --command=TEXT < LINES      prints Markdown, writes JSON
//     mote_mcu_report --against=FILE < LINES                  compares with JSON written before
// Exit code 1: bad input, or a figure has grown by more than 2 %; 77: other compilers.
#include <algorithm>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "bench/mcu/report.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

Result<int> check(const Counts& measured, const std::string& path) {
  const auto bytes = read_file(path);
  MOTE_TRY(bytes);
  const auto json = parse_json({reinterpret_cast<const char*>(bytes->data()), bytes->size()}, path);
  MOTE_TRY(json);
  const auto recorded = from_json(*json);
  MOTE_TRY(recorded);
  for (const std::string& compiler : measured.compilers)
    if (std::ranges::find(recorded->compilers, compiler) == recorded->compilers.end()) {
      std::cout << "skipped: " << compiler << " is another compiler than was recorded\n";
      return 77;
    }
  const Differences found = compare(*recorded, measured);
  for (const std::string& text : found.changed) std::cout << text << '\n';
  for (const std::string& text : found.grown) std::cout << "GROWN: " << text << '\n';
  if (!found.changed.empty() || !found.grown.empty())
    std::cout << "record them with script/bench --mcu --update-docs\n";
  return found.grown.empty() ? 0 : 1;
}

Result<int> run(int argc, char** argv) {
  std::string json_path, command, against;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = word.substr(std::min(word.size(), word.find('=') + 1));
    if (word.starts_with("--json="))
      json_path = value;
    else if (word.starts_with("--command="))
      command = value;
    else if (word.starts_with("--against="))
      against = value;
    else
      return fail(ErrorCode::kUsage, cat("'", word, "' is no option"));
  }
  const std::string text(std::istreambuf_iterator<char>(std::cin), {});
  const auto counts = parse_counts(text);
  MOTE_TRY(counts);
  if (!against.empty()) return check(*counts, against);
  std::cout << markdown(*counts);
  if (!json_path.empty()) {
    const std::string json = dump(to_json(*counts, command));
    MOTE_TRY(write_file(json_path, std::as_bytes(std::span(json))));
  }
  return 0;
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  const auto code = mote::bench::run(argc, argv);
  if (code) return *code;
  std::cerr << "mote_mcu_report: error: " << code.error().message << '\n';
  return 1;
}
