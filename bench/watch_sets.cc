#include "bench/watch_sets.h"

#include <algorithm>
#include <map>

#include "mote/host/diagnose/read_inputs.h"
#include "mote/host/diagnose/recording_index.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

using Row = diagnose::RecordingIndex::Row;

Result<std::vector<Row>> rows_of(const std::string& root, const std::string& dataset) {
  const auto bytes = read_file(root + "/index.csv");
  if (!bytes) return tl::unexpected(bytes.error());
  const auto index = diagnose::RecordingIndex::parse(root + "/index.csv", *bytes);
  if (!index) return tl::unexpected(index.error());
  std::vector<Row> rows;
  for (const Row& row : index->rows())
    if (row.text("dataset") == dataset) rows.push_back(row);
  return rows;
}

bool is_baseline(const Row& row) {
  return row.text("split") == "train" && row.text("label") == "healthy";
}

float largest_sustained(const diagnose::Diagnosis& d) {
  learn::Sustained sustained;
  float largest = 0;
  for (const diagnose::Judged& w : d.windows) {
    sustained.push(w.score);
    largest = std::max(largest, sustained.high());
  }
  return largest;
}

Result<JudgedRecording> judge_one(const std::string& root, const SetPlan& plan, const Row& row,
                                  const std::vector<std::string>& baselines) {
  const auto inputs = diagnose::read_inputs(
      {.recording = root + "/" + row.path(), .baselines = baselines, .index = root + "/index.csv"});
  if (!inputs) return tl::unexpected(inputs.error());
  const auto rpm = row.number("speed_rpm", 0);
  if (!rpm) return tl::unexpected(rpm.error());
  const auto d = diagnose::diagnose(*inputs, {.shaft_rpm = plan.use_rpm ? *rpm : 0});
  if (!d) return tl::unexpected(d.error());
  return JudgedRecording{
      .path = row.path(),
      .group = plan.group_by.empty() ? "all" : row.text(plan.group_by),
      .fault = row.text("fault_kind"),
      .split = row.text("split"),
      .healthy = row.text("label") == "healthy",
      .alarmed = d->ever_alarmed(),
      .ratio = static_cast<double>(largest_sustained(*d) / d->healthy.threshold)};
}

}  // namespace

Result<std::vector<RunToFailure>> run_to_failure(const std::string& root,
                                                 const std::string& dataset) {
  const auto rows = rows_of(root, dataset);
  if (!rows) return tl::unexpected(rows.error());
  std::vector<RunToFailure> runs;
  for (const Row& row : *rows) {
    const std::string path = root + "/" + row.path();
    const auto inputs =
        diagnose::read_inputs({.recording = path,
                               .times = path.substr(0, path.size() - 4) + "_times.csv",
                               .index = root + "/index.csv"});
    if (!inputs) return tl::unexpected(inputs.error());
    const auto d = diagnose::diagnose(*inputs, {.baseline_fraction = 0.1});
    if (!d) return tl::unexpected(d.error());
    RunToFailure run{.machine = row.text("machine_id"), .life_s = d->windows.back().window.t_s};
    if (d->ever_alarmed()) {
      const diagnose::Window& raised = d->windows[d->episodes.front().raised].window;
      run.alarmed = true;
      run.alarm_s = raised.t_s;
      run.remaining_s = raised.remaining_s;
    }
    runs.push_back(run);
  }
  return runs;
}

Result<std::vector<JudgedRecording>> judge_set(const std::string& root, const SetPlan& plan) {
  const auto rows = rows_of(root, plan.dataset);
  if (!rows) return tl::unexpected(rows.error());
  std::map<std::string, std::vector<std::string>> baselines;
  const auto group = [&](const Row& row) {
    return plan.group_by.empty() ? "" : row.text(plan.group_by);
  };
  for (const Row& row : *rows)
    if (is_baseline(row)) baselines[group(row)].push_back(root + "/" + row.path());
  std::vector<JudgedRecording> judged;
  for (const Row& row : *rows) {
    if (is_baseline(row) || row.text("label") == "off" || !baselines.contains(group(row))) continue;
    auto one = judge_one(root, plan, row, baselines[group(row)]);
    if (!one) return tl::unexpected(one.error());
    judged.push_back(std::move(*one));
  }
  return judged;
}

}  // namespace mote::bench
