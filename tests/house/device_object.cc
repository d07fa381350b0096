// Instantiates what a microcontroller runs, so that device_object.sh can look at the symbols.

#include "mote/core/learn/cross_validation.h"
#include "mote/core/listen/listener.h"
#include "mote/core/watch/monitor.h"

namespace mote::house {

struct Model {
  void classify(const float* features, float* scores);  // an emitted model, in another object
};
inline constexpr watch::FeaturePlan kPlan = {
    .window = 1024, .axes = 1, .sample_rate_hz = 25600, .shaft_hz = 30};

int words_in(Model& model, const float* samples, int count) {
  listen::Listener<Model> listener(model, {});
  int words = 0;
  listener.push(samples, count, [&words](const listen::Event&) { ++words; });
  listener.finish([&words](const listen::Event&) { ++words; });
  return words;
}

float threshold_of(learn::Rows rows, learn::Runs runs, float* scratch,
                   const learn::Baseline& baseline) {
  learn::fit_baseline(rows, watch::kFloorDb, scratch, baseline);
  return learn::held_out_score(rows, runs, watch::kFloorDb, scratch, baseline);
}

}  // namespace mote::house

template class mote::watch::Monitor<mote::house::kPlan.window, mote::house::kPlan.dims()>;
