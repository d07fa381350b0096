#include "cli/parse.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
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

/// CLI11 reads "[a,b]" as a list; a file may well be called that.
bool is_list(const std::string& word) { return word.size() > 1 && word.front() == '['; }

Result<void> check_unknown(const Command& command, const std::vector<std::string>& remaining) {
  for (const std::string& word : remaining) {
    if (word.size() < 2 || word[0] != '-' || word == "--") continue;
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string_view> known{kHelp};
    for (const Flag& flag : command.flags) known.push_back(flag.name);
    const std::string_view near = nearest(name, known);
    return usage_error(command, cat("`mote ", command.name, "` has no flag '", name, "'",
                                    near.empty() ? "" : cat("; did you mean '", near, "'?")));
  }
  for (const std::string& word : remaining)
    if (word != "--") return usage_error(command, cat("one argument too many: '", word, "'"));
  return {};
}

Result<void> check_counts(const Command& command, const Args& args) {
  const int count = static_cast<int>(args.positional.size());
  if (count < command.min_positional)
    return usage_error(command, count == 0
                                    ? cat("`mote ", command.name, "` needs an argument")
                                    : cat("`mote ", command.name, "` needs ",
                                          command.min_positional, " arguments, got ", count));
  if (count > command.max_positional)
    return usage_error(command, cat("one argument too many: '", args.positional.back(), "'"));
  return {};
}

/// Hands the command's declarations to CLI11, which fills `args`.
void declare(const Command& command, CLI::App& app, Args& args) {
  app.set_help_flag();
  app.allow_extras();
  app.add_flag_callback("--help,-h", [&args] { args.flags.try_emplace(std::string(kHelp)); });
  for (const Flag& flag : command.flags) {
    const std::string name(flag.name);
    if (flag.value.empty()) {
      app.add_flag_callback(name, [&args, name] { args.flags.try_emplace(name); })
          ->disable_flag_override();
      continue;
    }
    auto* option = app.add_option_function<std::vector<std::string>>(
        name, [&args, name](const std::vector<std::string>& values) { args.flags[name] = values; });
    if (flag.repeated)
      option->expected(1, CLI::detail::expected_max_vector_size);
    else
      option->expected(1)->allow_extra_args(false)->multi_option_policy(
          CLI::MultiOptionPolicy::TakeLast);
  }
  if (command.max_positional > 0)
    app.add_option("arguments", args.positional)
        ->expected(std::max(command.min_positional, 1), CLI::detail::expected_max_vector_size)
        ->required(command.min_positional > 0);
}

/// CLI11's own sentences, where check_unknown and check_counts do not have a better one.
std::string explain(const CLI::ParseError& error) {
  std::string text = error.what();
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text;
}

}  // namespace

Result<Args> parse(const Command& command, std::span<const char* const> words) {
  Args args;
  CLI::App app;
  declare(command, app, args);
  std::vector<std::string> reversed(words.rbegin(), words.rend());
  for (const std::string& word : reversed)
    if (is_list(word))
      return usage_error(command, cat("'", word, "' starts with '['; write './", word, "'"));
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    if (args.has(kHelp)) return args;
    MOTE_TRY(check_unknown(command, app.remaining()));
    if (dynamic_cast<const CLI::RequiredError*>(&error)) MOTE_TRY(check_counts(command, {}));
    return usage_error(command, explain(error));
  }
  if (args.has(kHelp)) return args;
  MOTE_TRY(check_unknown(command, app.remaining()));
  MOTE_TRY(check_counts(command, args));
  return args;
}

}  // namespace mote::cli
