#include <iostream>

#include "cli/commands.h"
#include "mote/host/simulate/machine.h"
#include "mote/host/sources/wav.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

constexpr Flag kFlags[] = {
    {.name = "--seconds", .value = "S", .help = "length (default 60)"},
    {.name = "--rate", .value = "HZ", .help = "frames a second (default 12800)"},
    {.name = "--axes", .value = "N", .help = "1 to 3 (default 3)"},
    {.name = "--rpm", .value = "N", .help = "shaft speed (default 1480)"},
    {.name = "--onset",
     .value = "F",
     .help = "share of the recording after which the bearing is damaged; 1: never (default 0.5)"},
    {.name = "--peak", .value = "G", .help = "strength of a knock at the end, in g (default 2)"},
    {.name = "--noise",
     .value = "G",
     .help = "standard deviation of the noise, in g (default 0.05)"},
    {.name = "--load",
     .value = "F",
     .help = "from a third of the time on all is F times as strong: another load (default 1)"},
    {.name = "--seed", .value = "N", .help = "the same seed gives the same file (default 1)"},
};

constexpr std::string_view kDetails =
    "Writes what an accelerometer on a motor-driven gearbox would record: shaft, gear mesh and "
    "noise,\n"
    "then a damaged outer race of its bearing that grows until the end. 16-bit WAV; prints the\n"
    "frequencies and the scale. The model and its sources stand in docs/watch.md.\n"
    "\n"
    "  mote simulate machine.wav --seconds 120 && mote watch machine.wav\n";

Result<simulate::Machine> read_machine(const Args& args) {
  simulate::Machine m;
  const struct {
    const char* flag;
    double* target;
    double low, high;
  } numbers[] = {{"--seconds", &m.seconds, 0.1, 1e5},  {"--rate", &m.sample_rate_hz, 100, 1e6},
                 {"--rpm", &m.shaft_rpm, 1, 1e6},      {"--onset", &m.fault_onset, 0, 1},
                 {"--peak", &m.fault_peak_g, 0, 1000}, {"--noise", &m.noise_g, 0, 100},
                 {"--load", &m.load, 0.01, 100}};
  for (const auto& number : numbers) {
    const auto value = args.number(number.flag, *number.target, number.low, number.high);
    if (!value) return tl::unexpected(value.error());
    *number.target = *value;
  }
  const auto axes = args.integer("--axes", m.axes, 1, 3);
  if (!axes) return tl::unexpected(axes.error());
  const auto seed = args.integer("--seed", 1, 0, std::int64_t{1} << 62);
  if (!seed) return tl::unexpected(seed.error());
  m.axes = static_cast<int>(*axes);
  m.seed = static_cast<std::uint64_t>(*seed);
  return m;
}

Result<void> run(const Args& args, std::ostream& out) {
  const auto machine = read_machine(args);
  if (!machine) return tl::unexpected(machine.error());
  auto recording = simulate::record(*machine);
  if (!recording) return tl::unexpected(recording.error());
  for (float& sample : recording->samples) sample /= static_cast<float>(simulate::kGPerCount);
  const std::string& path = args.positional.front();
  MOTE_TRY(write_file(path, sources::encode_wav(*recording, sources::WavSample::kInt16)));
  (path == "-" ? std::cerr : out) << path << ": " << simulate::describe(*machine);
  return {};
}

}  // namespace

const Command kSimulate = {
    .name = "simulate",
    .summary = "write the vibration of a machine whose bearing fails, to try mote watch on",
    .usage = "mote simulate OUT.wav [--seconds S] [--onset F] [--seed N]",
    .details = kDetails,
    .flags = kFlags,
    .run = run,
};

}  // namespace mote::cli
