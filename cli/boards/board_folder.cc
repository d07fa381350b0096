#include "cli/boards/board_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "cli/embedded_files.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

constexpr std::string_view kBoards = "firmware/boards/", kBoardText = "/board.txt";

struct Package {
  std::string_view program, package;
};
/// Which packages bring what boards need; as script/packages has them.
constexpr Package kPackages[] = {
    {"arm-none-eabi-g++", "gcc-arm-none-eabi"},
    {"arm-none-eabi-g++", "libnewlib-arm-none-eabi"},
    {"riscv64-unknown-elf-g++", "gcc-riscv64-unknown-elf"},
    {"qemu-system-arm", "qemu-system-arm"},
    {"qemu-system-riscv32", "qemu-system-misc"},
    {"qemu-system-riscv64", "qemu-system-misc"},
};

/// What brings the folders of libraries that boards name.
constexpr std::string_view kMathematics = "picolibc-riscv64-unknown-elf";

/// Whether PATH has a program of that name.
bool is_installed(std::string_view program) {
  const char* variable = std::getenv("PATH");
  std::string_view path = variable ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (true) {
    const std::size_t end = path.find(':');
    const std::string folder(path.substr(0, end));
    if (::access(cat(folder.empty() ? "." : folder, "/", program).c_str(), X_OK) == 0) return true;
    if (end == std::string_view::npos) return false;
    path.remove_prefix(end + 1);
  }
}

Result<void> unpack(std::span<const emit::SourceFile> files, const std::string& root) {
  for (const emit::SourceFile& file : files) {
    const std::filesystem::path path = std::filesystem::path(root) / file.path;
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    // Not write_file(), which waits until each is on disk.
    std::FILE* out = std::fopen(path.c_str(), "wb");
    const bool is_written =
        out && std::fwrite(file.text.data(), 1, file.text.size(), out) == file.text.size();
    if (!out || std::fclose(out) != 0 || !is_written)
      return fail(ErrorCode::kIo, cat("cannot write ", path.string(), ": ", std::strerror(errno),
                                      "; let TMPDIR name a folder with room"));
  }
  return {};
}

/// The bytes of a small file as text; "" where there is none.
std::string text_of(const std::string& path) {
  const auto bytes = read_file(path);
  return bytes ? std::string(reinterpret_cast<const char*>(bytes->data()), bytes->size()) : "";
}

/// What scripts and the tool write before a message: "board: error: mote: error: ".
std::string without_prefixes(std::string text) {
  for (const std::string_view prefix : {"mote: error: ", "board: error: ", "skipped: "})
    if (const auto at = text.find(prefix); at != std::string::npos) text.erase(at, prefix.size());
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

Error error_of(int exit_code, const std::string& said) {
  const std::string message = without_prefixes(said);
  if (exit_code == 2) return {ErrorCode::kUsage, message};
  if (exit_code == 77) return {ErrorCode::kUnsupported, message};
  if (message.find(" does not fit on ") != std::string::npos)
    return {ErrorCode::kOutOfMemory, message};
  return {ErrorCode::kBadInput,
          message.empty() ? cat("script/board ended with exit code ", exit_code) : message};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// "key=value key=value" as figures.
Result<BoardRun> figures_of(const std::string& line) {
  BoardRun run;
  const auto read = [&line](std::string_view key, auto& number) {
    const std::string word = cat(" ", key, "=");
    const std::size_t at = line.find(word);
    if (at == std::string::npos) return false;
    const char* begin = line.data() + at + word.size();
    return std::from_chars(begin, line.data() + line.size(), number).ec == std::errc();
  };
  if (!read("instructions", run.instructions) || !read("stack_bytes", run.stack_bytes) ||
      !read("arena_bytes", run.arena_bytes))
    return bad_input(cat("script/board printed '", line, "', expected figures of a run"));
  read("flash_bytes", run.flash_bytes);
  read("const_bytes", run.const_bytes);
  read("ram_bytes", run.ram_bytes);
  if (int call = 0; read("self_test", call)) run.self_test = call;
  return run;
}

/// What script/board takes for the job but the flags for mote compile; the input goes to `work`.
Result<std::vector<std::string>> words_for(const BoardJob& job, const std::string& work) {
  if (const auto missing = packages_missing(job.board); !missing.empty())
    return unsupported(cat("the board ", job.board, " needs the Debian packages ", joined(missing),
                           ", which are missing: apt-get install ", joined(missing)));
  std::vector<std::string> words = {job.board, std::filesystem::absolute(job.model).string(),
                                    cat("--keep=", work)};
  if (job.input.empty()) return words;
  MOTE_TRY(write_file(work + "/input", job.input));
  words.push_back(cat("--input=", work, "/input"));
  std::string runs;
  for (const int count : job.runs) runs += cat(runs.empty() ? "" : ",", count);
  if (!runs.empty()) words.push_back(cat("--runs=", runs));
  return words;
}

}  // namespace

std::vector<std::string> board_names() {
  std::vector<std::string> names;
  for (const emit::SourceFile& file : embedded_firmware())
    if (file.path.starts_with(kBoards) && file.path.ends_with(kBoardText))
      names.emplace_back(
          file.path.substr(kBoards.size(), file.path.size() - kBoards.size() - kBoardText.size()));
  std::sort(names.begin(), names.end());
  return names;
}

std::optional<std::string> board_value(std::string_view board, std::string_view key) {
  for (const emit::SourceFile& file : embedded_firmware()) {
    if (file.path != cat(kBoards, board, kBoardText)) continue;
    std::string_view text = file.text;
    while (!text.empty()) {
      const std::string_view line = text.substr(0, text.find('\n'));
      if (line.starts_with(key) && line.substr(key.size()).starts_with('='))
        return std::string(line.substr(key.size() + 1));
      text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
  }
  return std::nullopt;
}

std::vector<std::string> packages_missing(std::string_view board) {
  const std::string compiler = cat(board_value(board, "toolchain").value_or(""), "-g++");
  const std::string qemu = board_value(board, "qemu").value_or("");
  const std::string libraries = board_value(board, "libraries").value_or("");
  std::vector<std::string> missing;
  for (const std::string& program : {compiler, qemu.substr(0, qemu.find(' '))})
    for (const Package& entry : kPackages)
      if (entry.program == program && !is_installed(program)) missing.emplace_back(entry.package);
  for (std::string_view words = libraries; !words.empty();) {
    const std::string word(words.substr(0, words.find(' ')));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    if (word.starts_with("-L") && !std::filesystem::exists(word.substr(2)))
      missing.emplace_back(kMathematics);
  }
  return missing;
}

Result<BoardFolder> BoardFolder::create(std::string tool) {
  // This very program, also where its file was replaced meanwhile.
  if (tool.empty()) tool = cat("/proc/", ::getpid(), "/exe");
  auto folder = TemporaryFolder::create();
  if (!folder) return tl::unexpected(folder.error());
  MOTE_TRY(unpack(embedded_files(), folder->path()));
  MOTE_TRY(unpack(embedded_firmware(), folder->path()));
  return BoardFolder(std::move(*folder), std::move(tool));
}

Result<std::string> BoardFolder::work_folder() const {
  std::string path = root() + "/work_XXXXXX";
  if (::mkdtemp(path.data())) return path;
  return fail(ErrorCode::kIo, cat("cannot make a folder in ", root(), ": ", std::strerror(errno)));
}

Result<std::string> BoardFolder::script(std::string_view name,
                                        const std::vector<std::string>& arguments) const {
  const auto work = work_folder();
  MOTE_TRY(work);
  Child child{.words = {"bash", cat(root(), "/script/", name)},
              .environment = {cat("MOTE=", tool_), cat("TMPDIR=", *work)},
              .out = *work + "/out",
              .err = *work + "/err"};
  child.words.insert(child.words.end(), arguments.begin(), arguments.end());
  const auto code = run_child(child);
  if (!code) return tl::unexpected(code.error());
  if (*code != 0) return tl::unexpected(error_of(*code, text_of(child.err)));
  return text_of(child.out);
}

Result<std::string> BoardFolder::show_tensors(const BoardJob& job) const {
  const auto work = work_folder();
  MOTE_TRY(work);
  auto words = words_for(job, *work);
  if (!words) return tl::unexpected(words.error());
  words->push_back(cat("--tensors=", *work, "/tensors"));
  words->emplace_back("--");
  words->insert(words->end(), job.flags.begin(), job.flags.end());
  MOTE_TRY(script("board", *words));
  const auto shown = read_file(*work + "/tensors");
  if (!shown) return tl::unexpected(shown.error());
  return std::string(reinterpret_cast<const char*>(shown->data()), shown->size());
}

Result<BoardRun> BoardFolder::run(const BoardJob& job) const {
  const auto work = work_folder();
  MOTE_TRY(work);
  auto made = words_for(job, *work);
  if (!made) return tl::unexpected(made.error());
  std::vector<std::string>& words = *made;
  if (job.outputs) words.push_back(cat("--output=", *work, "/output"));
  if (!job.self_test) words.emplace_back("--no-self-test");
  if (!job.sizes) words.emplace_back("--no-sizes");
  words.emplace_back("--");
  words.insert(words.end(), job.flags.begin(), job.flags.end());
  const auto line = script("board", words);
  if (!line) return tl::unexpected(line.error());
  auto run = figures_of(*line);
  if (!run || !job.outputs) return run;
  auto outputs = read_file(*work + "/output");
  if (!outputs) return tl::unexpected(outputs.error());
  run->outputs = std::move(*outputs);
  return run;
}

}  // namespace mote::cli
