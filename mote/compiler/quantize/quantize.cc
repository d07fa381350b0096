#include "mote/compiler/quantize/quantize.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "mote/compiler/quantize/bias.h"
#include "mote/compiler/quantize/edit.h"
#include "mote/compiler/quantize/equalize.h"
#include "mote/compiler/quantize/layers.h"
#include "mote/compiler/quantize/prepare.h"
#include "mote/compiler/quantize/rules.h"
#include "mote/support/cat.h"

namespace mote::quantize {
namespace {

using graph::Graph;
using graph::Model;
using graph::Node;

/// A float network with what calibration data does in it.
struct Source {
  Model model;
  Statistics statistics;
  std::vector<std::string> equalized;
};

/// That there is something to calibrate with: an output that never changes says that the data, or
/// the network, is not what was meant.
Result<void> check_outputs(const Source& source, const Calibration& calibration) {
  const Graph& graph = source.model.graphs[0];
  for (int output : graph.outputs) {
    const Histogram* seen = source.statistics.of(output);
    if (!seen || seen->range.low != seen->range.high) continue;
    return bad_input(cat(
        "the output '", graph.tensors[static_cast<std::size_t>(output)].name, "' of ",
        source.model.source, " is ", seen->range.low, " everywhere in all ", calibration.examples,
        " examples; the data is not what this network reads, or the network is broken"));
  }
  return {};
}

Result<Source> make_source(const Model& model, const Calibration& calibration, bool is_equalized) {
  Source source{.model = model, .statistics = {}, .equalized = {}};
  if (is_equalized) source.equalized = equalize(source.model);
  auto statistics = Statistics::collect(source.model, calibration);
  if (!statistics) return tl::unexpected(statistics.error());
  source.statistics = std::move(*statistics);
  MOTE_TRY(check_outputs(source, calibration));
  return source;
}

/// Sends nodes back to floats until what runs the network takes all of it.
Converted convert_runnable(const Model& model, std::vector<Form> forms,
                           const Statistics& statistics, const Calibration& calibration,
                           const Options& options, Assignment& assignment) {
  for (;;) {
    assignment = assign(model, forms, statistics, options);
    Converted converted = convert(model, assignment, options);
    bool changed = false;
    for (int refused : calibration.refused(converted.model))
      for (std::size_t at = 0; at < forms.size(); ++at)
        if (converted.nodes[at] == refused && forms[at] != Form::kFloat)
          forms[at] = Form::kFloat, changed = true;
    if (!changed) return converted;
  }
}

Result<Quantized> try_one(const Source& source, const std::vector<Form>& forms,
                          const Calibration& calibration, const Options& options,
                          bool corrects_biases) {
  Quantized result{.exact = source.model,
                   .assignment = {},
                   .converted = {},
                   .measurement = {},
                   .equalized = source.equalized,
                   .bias_corrected = corrects_biases,
                   .sent_back = {}};
  result.converted = convert_runnable(source.model, forms, source.statistics, calibration, options,
                                      result.assignment);
  if (corrects_biases) {
    const auto biases =
        corrected_biases(source.model, result.assignment, result.converted, calibration);
    MOTE_TRY(biases);
    result.converted = convert(source.model, result.assignment, options, *biases);
  }
  auto measurement = measure(source.model, result.assignment, result.converted, calibration);
  if (!measurement) return tl::unexpected(measurement.error());
  result.measurement = std::move(*measurement);
  return result;
}

std::vector<bool> tries(Choice choice) {
  if (choice == Choice::kAuto) return {false, true};
  return {choice == Choice::kOn};
}

bool is_better(const Quantized& a, const Quantized& b) {
  return a.measurement.score_noise_share < b.measurement.score_noise_share;
}

/// Nodes computed with integers, from the one that alone does most harm to the outputs: measured
/// with all others in floats.
Result<std::vector<std::size_t>> by_harm(const Quantized& q, const Source& source,
                                         const Calibration& calibration, const Options& options) {
  const std::vector<Form>& forms = q.assignment.forms;
  std::vector<std::pair<double, std::size_t>> harm;
  for (std::size_t at = 0; at < forms.size(); ++at) {
    if (forms[at] == Form::kFloat) continue;
    std::vector<Form> alone(forms.size(), Form::kFloat);
    alone[at] = forms[at];
    const auto one = try_one(source, alone, calibration, options, false);
    if (!one) return tl::unexpected(one.error());
    harm.emplace_back(-one->measurement.score_noise_share, at);
  }
  std::sort(harm.begin(), harm.end());
  std::vector<std::size_t> nodes;
  for (const auto& [noise, at] : harm) nodes.push_back(at);
  return nodes;
}

/// Nodes go back to floats until the outputs are near enough.
Result<void> reach_sqnr(Quantized& best, const Source& source, const Calibration& calibration,
                        const Options& options) {
  if (best.measurement.output_sqnr_db() >= options.min_sqnr_db) return {};
  const auto nodes = by_harm(best, source, calibration, options);
  MOTE_TRY(nodes);
  auto worst = nodes->begin();
  for (; best.measurement.output_sqnr_db() < options.min_sqnr_db; ++worst) {
    if (worst == nodes->end())
      return fail(ErrorCode::kCheckFailed,
                  cat("all operators are floats again, and the outputs are at ",
                      best.measurement.output_sqnr_db(), " dB, short of --min-sqnr=",
                      options.min_sqnr_db, "; --io=float avoids the last rounding"));
    std::vector<Form> forms = best.assignment.forms;
    forms[*worst] = Form::kFloat;
    auto next = try_one(source, forms, calibration, options, best.bias_corrected);
    if (!next) return tl::unexpected(next.error());
    next->sent_back = best.sent_back;
    next->sent_back.push_back(static_cast<int>(*worst));
    best = std::move(*next);
  }
  return {};
}

Result<void> check_any_integers(const Quantized& q) {
  const auto& forms = q.assignment.forms;
  if (std::any_of(forms.begin(), forms.end(), [](Form form) { return form != Form::kFloat; }))
    return {};
  const Graph& graph = q.exact.graphs[0];
  return unsupported(
      cat("no operator of ", q.exact.source, " can be quantised",
          graph.nodes.empty() ? "" : cat("; the first is ", graph::describe(graph, graph.nodes[0])),
          ", and docs/quantize.md lists those that can"));
}

}  // namespace

Result<Quantized> quantize(Model model, const Calibration& calibration, const Options& options) {
  MOTE_TRY(check_float(model));
  if (calibration.examples < 1) return bad_input("there is no example to calibrate with");
  const auto forms = forms_of(model, options);
  if (!forms) return tl::unexpected(forms.error());
  std::optional<Quantized> best;
  std::optional<Source> best_source;
  for (bool is_equalized : tries(options.equalize)) {
    auto source = make_source(model, calibration, is_equalized);
    if (!source) return tl::unexpected(source.error());
    if (is_equalized && source->equalized.empty() && best) continue;  // nothing to equalise
    bool is_best = false;
    for (bool corrects : tries(options.bias_correction)) {
      auto one = try_one(*source, *forms, calibration, options, corrects);
      if (!one) return tl::unexpected(one.error());
      if (!best || is_better(*one, *best)) best = std::move(*one), is_best = true;
    }
    if (is_best) best_source = std::move(*source);
  }
  MOTE_TRY(check_any_integers(*best));
  MOTE_TRY(reach_sqnr(*best, *best_source, calibration, options));
  return std::move(*best);
}

}  // namespace mote::quantize
