// Writes what `mote watch` measures of simulated healthy machines, as a network that is to know them
// wants it: training/machine_health/train.py.
//
//   mote_healthy_windows MACHINES SEED FILE.bin
//
// FILE.bin holds float32 rows of 16: the features of one axis in one window of 4096 frames at 12.8 kHz,
// in spreads from their centre in the first third of that machine's time, as learn::fit_baseline has
// it. In the other two thirds the machine's load changes: all levels of the axis go up or down
// together by up to 6 dB, which a healthy machine may do, and a network is to let pass.

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "mote/core/learn/baseline.h"
#include "mote/core/learn/reconstruction.h"
#include "mote/core/watch/alarm.h"
#include "mote/host/diagnose/feature_table.h"
#include "mote/host/simulate/machine.h"

namespace mote {
namespace {

constexpr watch::FeaturePlan kPlan = {.window = 4096, .axes = 3, .sample_rate_hz = 12800};
constexpr double kSeconds = 40;

simulate::Machine some_machine(std::mt19937_64& random) {
  const auto uniform = [&](double low, double high) {
    return std::uniform_real_distribution<double>(low, high)(random);
  };
  return {.sample_rate_hz = static_cast<double>(kPlan.sample_rate_hz),
          .seconds = kSeconds,
          .axes = kPlan.axes,
          .shaft_rpm = uniform(600, 3600),
          .gear_teeth = static_cast<int>(uniform(13, 50)),
          .resonance_hz = uniform(2000, 5000),
          .noise_g = uniform(0.01, 0.2),
          .fault_onset = 1,
          .seed = random()};
}

bool is_level(watch::FeatureKind kind) {
  return kind == watch::FeatureKind::kBand || kind == watch::FeatureKind::kLevel ||
         kind == watch::FeatureKind::kOrder;
}

/// Windows from `first` on in stretches of 20, each as loud as its load makes it.
void change_load(diagnose::FeatureTable& table, int first, std::mt19937_64& random) {
  std::uniform_real_distribution<float> gain_db(-6, 6);
  const int dims = kPlan.dims(), count = static_cast<int>(table.windows.size());
  for (int begin = first; begin < count; begin += 20)
    for (int axis = 0; axis < kPlan.axes; ++axis) {
      const float db = gain_db(random);
      for (int w = begin; w < std::min(count, begin + 20); ++w)
        for (int place = 0; place < dims; ++place) {
          const watch::FeatureId id = watch::feature_id(kPlan, place);
          if (id.axis == axis && is_level(id.kind)) table.values[w * dims + place] += db;
        }
    }
}

/// Every window of the table in spreads from the first `learned`, as far as a network is shown.
std::vector<float> standardized(const diagnose::FeatureTable& table, int learned) {
  const int dims = kPlan.dims();
  std::vector<float> memory(learn::baseline_floats(dims));
  std::vector<float> scratch(learn::fit_scratch_floats(learned, dims)), z(table.values.size());
  const auto baseline = learn::make_baseline(dims, memory.data());
  learn::fit_baseline({table.values.data(), learned, dims}, watch::kFloorDb, scratch.data(),
                      baseline);
  for (std::size_t w = 0; w < table.windows.size(); ++w)
    learn::standardize(baseline, table.row(w), z.data() + w * static_cast<std::size_t>(dims));
  for (float& value : z)
    value = std::clamp(value, -learn::kFarthestShown, learn::kFarthestShown);
  return z;
}

int write_windows(int machines, std::uint64_t seed, const std::string& path) {
  std::mt19937_64 random(seed);
  std::ofstream out(path, std::ios::binary);
  std::size_t rows = 0;
  while (machines > 0) {
    const auto recording = simulate::record(some_machine(random));
    if (!recording) continue;  // a mesh above half the rate
    auto table = diagnose::extract_table(*recording, kPlan, {}, {});
    if (!table) {
      std::cerr << table.error().message << '\n';
      return 1;
    }
    const int learned = static_cast<int>(table->windows.size() / 3);
    change_load(*table, learned, random);
    const auto z = standardized(*table, learned);
    out.write(reinterpret_cast<const char*>(z.data()),
              static_cast<std::streamsize>(z.size() * sizeof(float)));
    rows += z.size() / kPlan.per_axis();
    --machines;
  }
  out.flush();
  if (!out) {
    std::cerr << "'" << path << "' cannot be written\n";
    return 1;
  }
  std::printf("%zu rows of %d features\n", rows, kPlan.per_axis());
  return 0;
}

}  // namespace
}  // namespace mote

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: mote_healthy_windows MACHINES SEED FILE.bin\n";
    return 2;
  }
  return mote::write_windows(std::stoi(argv[1]), std::stoull(argv[2]), argv[3]);
}
