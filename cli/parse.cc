#include "cli/parse.h"

#include <algorithm>

#include "cli/help.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

constexpr std::string_view kHelp = "--help";

tl::unexpected<Error> usage_error(const Command& command, const std::string& fact) {
  return fail(ErrorCode::kUsage,
              cat(fact, "\n  usage: ", command.usage, "\n  see `mote ", command.name, " --help`"));
}

/// "-" is standard input, and an argument.
bool is_flag(std::string_view word) { return word.size() > 1 && word[0] == '-'; }

/// Goes through the words of one command line.
class Parser {
 public:
  Parser(const Command& command, std::span<const char* const> words)
      : command_(command), words_(words) {}

  Result<Args> parse() {
    bool flags_may_come = true;
    while (!words_.empty()) {
      const std::string_view word = take();
      if (word == "--" && flags_may_come)
        flags_may_come = false;
      else if (flags_may_come && is_flag(word))
        take_flag(word);
      else
        args_.positional.emplace_back(word);
    }
    if (args_.has(kHelp)) return std::move(args_);
    if (!fault_.empty()) return usage_error(command_, fault_);
    MOTE_TRY(check_counts());
    return std::move(args_);
  }

 private:
  std::string_view take() {
    const std::string_view word = words_.front();
    words_ = words_.subspan(1);
    return word;
  }

  /// Only the first fault is told, and none where help was asked for.
  void fault(std::string text) {
    if (fault_.empty()) fault_ = std::move(text);
  }

  /// "--flag", "--flag VALUE" or "--flag=VALUE".
  void take_flag(std::string_view word) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    if (name == kHelp || name == "-h") {
      args_.flags.try_emplace(std::string(kHelp));
      return;
    }
    const auto flag = std::find_if(command_.flags.begin(), command_.flags.end(),
                                   [&](const Flag& known) { return known.name == name; });
    if (flag == command_.flags.end()) return fault(unknown_flag(name));
    std::vector<std::string>& values = args_.flags[std::string(name)];
    if (flag->value.empty()) {
      if (equals != word.npos) fault(cat(name, " is a switch, which takes no value"));
      return;
    }
    if (equals == word.npos && words_.empty())
      return fault(cat(name, " needs a value: ", name, "=", flag->value));
    values.emplace_back(equals == word.npos ? take() : word.substr(equals + 1));
    if (flag->repeated) take_further(values);
  }

  /// A flag that may have several values takes the words up to the next flag, but for those that
  /// the command's own arguments need.
  void take_further(std::vector<std::string>& values) {
    while (!words_.empty() && !is_flag(words_.front()) &&
           std::ssize(words_) + std::ssize(args_.positional) > command_.min_positional)
      values.emplace_back(take());
  }

  std::string unknown_flag(std::string_view name) const {
    std::vector<std::string_view> known{kHelp};
    for (const Flag& flag : command_.flags) known.push_back(flag.name);
    const std::string_view near = nearest(name, known);
    return cat("`mote ", command_.name, "` has no flag '", name, "'",
               near.empty() ? "" : cat("; did you mean '", near, "'?"));
  }

  Result<void> check_counts() const {
    const int count = static_cast<int>(args_.positional.size());
    if (count < command_.min_positional)
      return usage_error(command_, count == 0
                                       ? cat("`mote ", command_.name, "` needs an argument")
                                       : cat("`mote ", command_.name, "` needs ",
                                             command_.min_positional, " arguments, got ", count));
    if (count > command_.max_positional)
      return usage_error(command_, cat("one argument too many: '", args_.positional.back(), "'"));
    return {};
  }

  const Command& command_;
  std::span<const char* const> words_;
  Args args_;
  std::string fault_;
};

}  // namespace

Result<Args> parse(const Command& command, std::span<const char* const> words) {
  return Parser(command, words).parse();
}

}  // namespace mote::cli
