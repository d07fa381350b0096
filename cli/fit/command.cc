#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <ostream>

#include "cli/boards/on_board.h"
#include "cli/commands.h"
#include "cli/fit/fit.h"
#include "cli/load.h"
#include "mote/compiler/emit/emit.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

/// What the flags say, other than which model.
struct Choices {
  std::vector<power::Part> parts;
  bool must_fit = false;  ///< one part, or given sizes
  std::vector<std::string> targets;
  std::optional<Feed> feed;
};

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += cat(text.empty() ? "" : ", ", word);
  return text;
}

Result<std::optional<Feed>> feed_from(const Args& args) {
  if (!args.has("--cell") && !args.has("--every")) return std::optional<Feed>();
  const auto cell = power::find_cell(args.text("--cell", "CR2032"));
  if (!cell) return tl::unexpected(cell.error());
  const std::string every = args.text("--every", "5min");
  const auto period = power::seconds_of(every);
  if (!period) return fail(ErrorCode::kUsage, cat("--every: ", period.error().message));
  return Feed{*cell, every, *period};
}

/// A part for each target that has memories of the sizes given.
std::vector<power::Part> given_sizes(const std::vector<std::string>& targets, std::int64_t flash,
                                     std::int64_t ram) {
  std::vector<power::Part> parts;
  for (const std::string& name : targets) {
    const std::string_view target = emit::find_target(name)->name;  // lives as long as the program
    parts.push_back({.name = target,
                     .target = target,
                     .core = target,
                     .flash_bytes = flash,
                     .ram_bytes = ram,
                     .clock_mhz = 1,
                     .source = "",
                     .grade = '-'});
  }
  return parts;
}

/// Sets parts and must_fit; narrows targets to those that the part needs.
Result<void> choose_parts(const Args& args, Choices& choices) {
  const bool has_sizes = args.has("--flash") || args.has("--ram");
  if (args.has("--part") && has_sizes)
    return fail(ErrorCode::kUsage,
                "--part names a part with its memories; leave out --flash and "
                "--ram");
  choices.must_fit = args.has("--part") || has_sizes;
  if (has_sizes) {
    const auto flash = args.integer("--flash", kAnySize, 0, kAnySize);
    const auto ram = args.integer("--ram", kAnySize, 0, kAnySize);
    if (!flash) return tl::unexpected(flash.error());
    if (!ram) return tl::unexpected(ram.error());
    choices.parts = given_sizes(choices.targets, *flash, *ram);
    return {};
  }
  if (args.has("--part")) {
    const auto part = power::find_part(args.text("--part"));
    if (!part) return tl::unexpected(part.error());
    const std::string target((**part).target);
    if (args.has("--target") && args.text("--target") != target)
      return fail(ErrorCode::kUsage, cat((**part).name, " is no ", args.text("--target"), " but a ",
                                         (**part).core, "; leave out --target"));
    choices.parts = {**part};
    if (!target.empty()) choices.targets = {std::string(measured_as(target))};
    return {};
  }
  for (const power::Part& part : power::all_parts())
    if (!args.has("--target") || measured_as(part.target) == choices.targets[0])
      choices.parts.push_back(part);
  return {};
}

Result<Choices> choices_from(const Args& args) {
  Choices choices{.targets = measured_targets()};
  if (args.has("--target")) {
    const std::string target(measured_as(args.text("--target")));
    if (std::ranges::find(choices.targets, target) == choices.targets.end())
      return fail(ErrorCode::kUsage, cat("--target is '", args.text("--target"),
                                         "', expected one of ", joined(choices.targets)));
    choices.targets = {target};
  }
  MOTE_TRY(choose_parts(args, choices));
  auto feed = feed_from(args);
  if (!feed) return tl::unexpected(feed.error());
  choices.feed = *feed;
  return choices;
}

/// Refuses, before anything is compiled, what mote compile would.
Result<void> check_model(const Args& args, const std::string& path, const std::string& target) {
  LoadOptions options{.isa = emit::find_target(target)->isa,
                      .shrink = !args.has("--no-shrink"),
                      .onnx = Onnx(),
                      .loops = Loops()};
  MOTE_TRY(set_stream(args, options));
  const auto program = load_program(path, options);
  if (!program) return tl::unexpected(program.error());
  return {};
}

/// Where nothing could be measured: the first reason, with all packages that are missing.
Result<void> nothing_measured(const std::vector<OnTarget>& targets) {
  std::vector<std::string> packages;
  for (const OnTarget& on : targets)
    for (const std::string& package : packages_missing(on.board))
      if (std::ranges::find(packages, package) == packages.end()) packages.push_back(package);
  if (packages.empty()) return tl::unexpected(targets[0].obstacle);
  std::string list;
  for (const std::string& package : packages) list += " " + package;
  return unsupported(
      cat("what compiles and runs networks for boards is missing here; to install "
          "it: apt-get install",
          list));
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto choices = choices_from(args);
  if (!choices) return tl::unexpected(choices.error());
  const std::string& path = args.positional[0];
  if (path == "-")
    return fail(ErrorCode::kUsage, "`mote fit` reads its model several times: write it to a file");
  MOTE_TRY(check_model(args, path, choices->targets[0]));
  auto measured = measure(path, choices->targets, compile_flags(args));
  if (!measured) return tl::unexpected(measured.error());
  // A flag that mote compile refuses is refused for each target alike.
  for (const OnTarget& on : *measured)
    if (!on.run && on.obstacle.code == ErrorCode::kUsage) return tl::unexpected(on.obstacle);
  if (std::ranges::none_of(*measured, [](const OnTarget& on) { return on.run.has_value(); }))
    return nothing_measured(*measured);
  Fit fit{.model = std::filesystem::path(path).filename().string(),
          .flags = compile_flags(args),
          .targets = std::move(*measured),
          .feed = choices->feed};
  for (const power::Part& part : choices->parts)
    if (auto on = on_part(part, fit.targets, fit.feed)) fit.parts.push_back(std::move(*on));
  if (args.has("--json"))
    out << dump(fit_json(fit));
  else
    print_fit(out, fit);
  if (!choices->must_fit) return {};
  if (fit.parts.empty()) return nothing_measured(fit.targets);
  if (std::ranges::any_of(fit.parts, [](const OnPart& on) { return on.fits(); })) return {};
  // Of several targets that which is nearest to fitting.
  return bad_input(misfit(fit, *std::ranges::min_element(fit.parts, {}, [](const OnPart& on) {
                            return std::max<std::int64_t>(0, on.flash_bytes - on.part.flash_bytes) +
                                   std::max<std::int64_t>(0, on.ram_bytes - on.part.ram_bytes);
                          })));
}

constexpr Flag kFlags[] = {
    {"--part", "NAME", "only this part; the beginning of its name will do"},
    {"--flash", "BYTES", "instead of parts: is so much flash enough"},
    {"--ram", "BYTES", "instead of parts: is so much RAM enough"},
    {"--target", "NAME", "only this target of mote compile (default: all that have a board)"},
    {"--cell", "NAME", "also energy, and days on this cell (default with --every: CR2032)"},
    {"--every", "TIME", "how often the network runs: 500ms, 30s, 5min (default), 1h, 1d"},
    {"--optimize", "AIM", "as mote compile"},
    {"--shapes", "KIND", "as mote compile"},
    kStreamFlag,
    kNoShrinkFlag,
    kJsonFlag,
};

}  // namespace

const Command kFit = {
    .name = "fit",
    .summary = "show which microcontrollers a model fits, and how long a cell lasts",
    .usage =
        "mote fit MODEL [--part=NAME | --flash=BYTES --ram=BYTES] [--target=NAME]\n"
        "                [--cell=NAME] [--every=TIME] [--optimize=AIM] [--shapes=KIND]\n"
        "                [--stream=AXIS[,HOP]] [--no-shrink] [--json]",
    .details =
        "Compiles the model for every target, runs it under QEMU, and prints what it takes: flash\n"
        "and RAM to the byte, stack included, and the exact number of instructions. Then holds it\n"
        "against a table of parts. It needs the compilers and QEMU (Debian's gcc-arm-none-eabi,\n"
        "libnewlib-arm-none-eabi, gcc-riscv64-unknown-elf, picolibc-riscv64-unknown-elf,\n"
        "qemu-system-arm, qemu-system-misc), and shows what it can where some are missing.\n\n"
        "With --cell and --every it estimates time, energy and days: of the processor alone,\n"
        "without sensor and radio, as ranges, from published figures whose sources --part and\n"
        "--json have. Exit code 1 where the part, or the sizes on all targets, are too small.\n\n"
        "examples:\n"
        "  mote fit kws.tflite\n"
        "  mote fit kws.tflite --part=nrf52840 --cell=CR2032 --every=5min\n"
        "  mote fit kws.tflite --flash=65536 --ram=16384 --optimize=size\n"
        "  mote fit kws.tflite --json | jq '.parts[] | select(.fits) | .part'",
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
