#include "mote/compiler/quantize/statistics.h"

#include <algorithm>
#include <cmath>

#include "mote/compiler/graph/print.h"
#include "mote/compiler/quantize/lstm.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

/// The extremes of all tensors, and the first value that is no number.
struct Extremes {
  std::map<int, Range> ranges;
  int bad_tensor = -1, bad_example = 0;

  void add(int tensor, std::span<const float> values, int example) {
    const auto entry = ranges.try_emplace(tensor, Range{values[0], values[0]}).first;
    for (float x : values) {
      entry->second = united(entry->second, {x, x});
      if (!std::isfinite(x) && bad_tensor < 0) bad_tensor = tensor, bad_example = example;
    }
  }
};

}  // namespace

Result<Statistics> Statistics::collect(const graph::Model& model, const Calibration& calibration) {
  const auto run = calibration.load(model);
  MOTE_TRY(run);
  const Cells cells(model.graphs[0]);
  const auto show = [&](int example, const See& see) {
    (*run)(example, [&](int tensor, std::span<const float> values) {
      see(tensor, values);
      cells.follow(tensor, values, see);
    });
  };
  Extremes extremes;
  for (int example = 0; example < calibration.examples; ++example) {
    show(example, [&](int tensor, std::span<const float> values) {
      if (!values.empty()) extremes.add(tensor, values, example);
    });
    calibration.progress();
    if (extremes.bad_tensor >= 0)
      return bad_input(cat(
          "the value '",
          graph::short_name(
              model.graphs[0].tensors[static_cast<std::size_t>(extremes.bad_tensor)].name),
          "' of the float network is not a finite number in example ", extremes.bad_example,
          " of the data; leave that example out, or look at it with `mote run --save-tensors`"));
  }
  Statistics statistics;
  for (const auto& [tensor, range] : extremes.ranges)
    statistics.histograms_.emplace(tensor, Histogram(range));
  for (int example = 0; example < calibration.examples; ++example) {
    show(example, [&](int tensor, std::span<const float> values) {
      const auto entry = statistics.histograms_.find(tensor);
      if (entry != statistics.histograms_.end()) entry->second.add(values);
    });
    calibration.progress();
  }
  return statistics;
}

const Histogram* Statistics::of(int tensor) const {
  const auto entry = histograms_.find(tensor);
  return entry == histograms_.end() ? nullptr : &entry->second;
}

}  // namespace mote::quantize
