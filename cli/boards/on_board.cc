#include "cli/boards/on_board.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <string_view>

#include "cli/format.h"
#include "mote/compiler/emit/emit.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

using program::Program;
using program::TensorInfo;
using tensor_io::InputSets;

const TensorInfo& tensor(const Program& program, int id) {
  return program.tensors[static_cast<std::size_t>(id)];
}

/// Values of `ids`, run after run, from what tensors hold to what files do or back.
void turn_signs(const Program& program, const std::vector<int>& ids, std::vector<std::byte>& all) {
  for (std::size_t at = 0; at < all.size();)
    for (int id : ids) {
      const TensorInfo& info = tensor(program, id);
      for (std::int64_t i = 0; i < info.bytes && at < all.size(); ++i, ++at)
        if (info.from_uint8) all[at] ^= std::byte{0x80};
    }
}

/// The job of running all inputs, whose bytes `records` keeps.
BoardJob job_of(const BoardChoice& choice, const Program& program,
                std::span<const InputSets> inputs, std::vector<std::byte>& records) {
  BoardJob job{.board = choice.board, .model = choice.model, .flags = choice.flags};
  for (const InputSets& sets : inputs) {
    records.insert(records.end(), sets.bytes.begin(), sets.bytes.end());
    job.runs.push_back(sets.count);
  }
  if (!program.inputs.empty()) turn_signs(program, program.inputs, records);
  job.input = records;
  return job;
}

int value_of(char digit) { return digit <= '9' ? digit - '0' : digit - 'a' + 10; }

/// What "0a1f" stands for; empty where it stands for nothing.
std::vector<std::byte> bytes_of(std::string_view digits) {
  std::vector<std::byte> bytes;
  if (digits.size() % 2 != 0 || digits.find_first_not_of("0123456789abcdef") != digits.npos)
    return bytes;
  for (std::size_t i = 0; i < digits.size(); i += 2)
    bytes.push_back(static_cast<std::byte>(value_of(digits[i]) << 4 | value_of(digits[i + 1])));
  return bytes;
}

/// Adds what a line "tensor=NUMBER BYTES" says. @returns whether it says that.
bool add_line(std::string_view line, const Program& program, SavedTensors& saved) {
  constexpr std::string_view kTensor = "tensor=";
  if (!line.starts_with(kTensor)) return false;
  line.remove_prefix(kTensor.size());
  int id = -1;
  const auto number = std::from_chars(line.data(), line.data() + line.size(), id);
  if (number.ec != std::errc() || id < 0 || static_cast<std::size_t>(id) >= program.tensors.size())
    return false;
  line.remove_prefix(static_cast<std::size_t>(number.ptr - line.data()));
  if (!line.starts_with(' ')) return false;
  const auto bytes = bytes_of(line.substr(1));
  if (static_cast<std::int64_t>(bytes.size()) != tensor(program, id).bytes) return false;
  saved.add(id, bytes);
  return true;
}

/// What firmware/apps/show_tensors prints: of each run all that its calls write, in their order.
Result<SavedTensors> parse(std::string_view text, const Program& program) {
  SavedTensors saved(program);
  std::size_t expected = 0, seen = 0;
  for (const program::KernelCall& call : program.calls) expected += call.writes.size();
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line == "run" && seen == expected)
      saved.end_run(), seen = 0;
    else if (add_line(line, program, saved))
      ++seen;
    else
      return bad_input(cat("in run ", saved.runs() + 1, " the board printed '",
                           shortened(std::string(line)), "' where values of ",
                           plural(static_cast<std::int64_t>(expected), "tensor"),
                           " were expected"));
  }
  return saved;
}

}  // namespace

std::vector<std::string> compile_flags(const Args& args) {
  std::vector<std::string> flags;
  for (const char* name : {"--stream", "--shapes", "--optimize"})
    if (args.has(name)) flags.push_back(cat(name, "=", args.text(name)));
  for (const char* name : {"--no-shrink", "--read-rows"})
    if (args.has(name)) flags.emplace_back(name);
  return flags;
}

Result<BoardChoice> board_from(const Args& args) {
  BoardChoice choice{.board = args.text("--board"), .model = args.positional[0]};
  const auto target = board_value(choice.board, "target");
  if (!target) {
    std::string names;
    for (const std::string& name : board_names()) names += cat(names.empty() ? "" : ", ", name);
    return fail(ErrorCode::kUsage,
                cat("there is no board '", choice.board, "'; there are: ", names));
  }
  if (choice.model == "-")
    return fail(ErrorCode::kUsage, "--board needs the model as a file, not from standard input");
  choice.isa = emit::find_target(*target)->isa;
  choice.flags = compile_flags(args);
  return choice;
}

Result<SavedTensors> tensors_on_board(const BoardChoice& choice, const Program& program,
                                      std::span<const InputSets> inputs) {
  std::vector<std::byte> records;
  const BoardJob job = job_of(choice, program, inputs, records);
  const auto folder = BoardFolder::create();
  MOTE_TRY(folder);
  const auto text = folder->show_tensors(job);
  MOTE_TRY(text);
  auto saved = parse(*text, program);
  std::int64_t runs = 0;
  for (const InputSets& sets : inputs) runs += sets.count;
  if (saved && saved->runs() != runs)
    return bad_input(
        cat("the board has shown ", plural(saved->runs(), "run"), ", expected ", runs));
  return saved;
}

Result<BoardRun> run_on_board(const BoardChoice& choice, const Program& program,
                              std::span<const InputSets> inputs) {
  std::vector<std::byte> records;
  BoardJob job = job_of(choice, program, inputs, records);
  job.outputs = true;
  const auto folder = BoardFolder::create();
  MOTE_TRY(folder);
  auto run = folder->run(job);
  MOTE_TRY(run);
  std::int64_t expected = 0;
  for (const InputSets& sets : inputs)
    for (int id : program.outputs) expected += sets.count * tensor(program, id).bytes;
  if (static_cast<std::int64_t>(run->outputs.size()) != expected)
    return bad_input(
        cat("the board has shown ", run->outputs.size(), " B of outputs, expected ", expected));
  turn_signs(program, program.outputs, run->outputs);
  return run;
}

}  // namespace mote::cli
