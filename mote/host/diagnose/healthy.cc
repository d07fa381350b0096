#include "mote/host/diagnose/healthy.h"

#include "mote/core/learn/cross_validation.h"
#include "mote/core/watch/alarm.h"
#include "mote/support/cat.h"

namespace mote::diagnose {

void HealthyRows::add(const FeatureTable& table, std::size_t windows) {
  plan = table.plan;
  values.insert(values.end(), table.values.begin(),
                table.values.begin() + static_cast<std::ptrdiff_t>(windows) * plan.dims());
  ends.push_back(static_cast<int>(values.size()) / plan.dims());
}

Result<Healthy> learn_healthy(const HealthyRows& rows, const Score& score) {
  const int count = rows.ends.empty() ? 0 : rows.ends.back(), dims = rows.plan.dims();
  if (count < learn::kFewestRows)
    return bad_input(cat("the baseline has ", count, " windows of ", rows.plan.window,
                         " frames, expected ", learn::kFewestRows,
                         " or more to learn what healthy is; give a longer one"));
  Healthy healthy{.plan = rows.plan,
                  .memory = {},
                  .windows = count,
                  .recordings = static_cast<int>(rows.ends.size())};
  healthy.memory.resize(static_cast<std::size_t>(learn::baseline_floats(dims)));
  std::vector<float> scratch(static_cast<std::size_t>(learn::fit_scratch_floats(count, dims)));
  const learn::Rows data{rows.values.data(), count, dims};
  const learn::Runs runs{rows.ends.data(), static_cast<int>(rows.ends.size())};
  healthy.held_out =
      learn::held_out_score(data, runs, watch::kFloorDb, scratch.data(), healthy.baseline(), score);
  healthy.threshold = watch::kMargin * healthy.held_out;
  healthy.typical = learn::fit_baseline(data, watch::kFloorDb, scratch.data(), healthy.baseline());
  return healthy;
}

}  // namespace mote::diagnose
