#include "cli/quantize/report.h"

#include <algorithm>
#include <cmath>

#include "cli/format.h"
#include "cli/load.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

using graph::Graph;
using graph::Node;
using quantize::Fidelity;
using quantize::Form;
using quantize::Parameters;
using quantize::Quantized;

constexpr auto kRight = Table::Align::kRight;

std::string decibels_text(double db) {
  if (std::isnan(db)) return "";
  if (std::isinf(db)) return db > 0 ? "exact" : "lost";
  const long long tenths = std::llround(db * 10), size = std::llabs(tenths);
  return cat(tenths < 0 ? "-" : "", size / 10, ".", size % 10);
}

std::string percent_text(double share) {
  if (share == 0) return "0 %";
  return cat(number_text(100 * share, share >= 0.9995 ? 4 : 3), " %");
}

const char* form_text(Form form, DType type) {
  switch (form) {
    case Form::kFloat:
      return "float";
    case Form::kHybrid:
      return "hybrid";
    case Form::kInteger:
      break;
  }
  return type == DType::kInt16 ? "int16" : "int8";
}

/// One line of the table: an operator and its first output.
struct Line {
  const Node& node;
  Form form;
  const graph::Tensor& tensor;
  const Fidelity* fidelity = nullptr;      ///< nullptr: not seen in both networks
  const Parameters* parameters = nullptr;  ///< nullptr: no integers
};

std::vector<Line> lines_of(const Quantized& result) {
  const Graph& graph = result.exact.graphs[0];
  std::vector<Line> lines;
  for (std::size_t at = 0; at < graph.nodes.size(); ++at) {
    const Node& node = graph.nodes[at];
    if (node.outputs.empty() || node.op == "RESHAPE") continue;
    Line line{.node = node, .form = result.assignment.forms[at], .tensor = graph.output(node)};
    if (const auto entry = result.measurement.tensors.find(node.outputs[0]);
        entry != result.measurement.tensors.end())
      line.fidelity = &entry->second;
    if (const auto entry = result.assignment.parameters.find(node.outputs[0]);
        entry != result.assignment.parameters.end() && line.form == Form::kInteger)
      line.parameters = &entry->second;
    lines.push_back(line);
  }
  return lines;
}

std::string range_text(const Fidelity& fidelity) {
  return cat(number_text(double{fidelity.seen.low}, 3), " .. ",
             number_text(double{fidelity.seen.high}, 3));
}

void print_table(std::ostream& out, const Quantized& result) {
  Table table({{"index", kRight},
               {"operator"},
               {"as"},
               {"float range"},
               {"scale", kRight},
               {"zero", kRight},
               {"clipped", kRight},
               {"SQNR dB", kRight},
               {"output"}});
  for (const Line& line : lines_of(result)) {
    const Fidelity* f = line.fidelity;
    const Parameters* p = line.parameters;
    table.row(
        {std::to_string(line.node.index), line.node.op,
         form_text(line.form, result.assignment.type), f ? range_text(*f) : "",
         p ? number_text(double{p->scale}, 4) : "", p ? std::to_string(p->zero_point) : "",
         f && p ? percent_text(double(f->clipped) / double(std::max<std::int64_t>(1, f->elements)))
                : "",
         f ? decibels_text(f->sqnr_db()) : "", shortened(line.tensor.name)});
  }
  table.print(out);
}

/// The share of examples whose class is the label's.
double accuracy(const std::vector<int>& classes, const std::vector<int>& labels) {
  int right = 0;
  for (std::size_t i = 0; i < classes.size(); ++i) right += classes[i] == labels[i];
  return classes.empty() ? 0 : static_cast<double>(right) / static_cast<double>(classes.size());
}

bool has_accuracy(const QuantizeReport& report) {
  const auto& classes = report.result.measurement.classes;
  return !report.examples.labels.empty() && report.examples.labels.size() == classes.exact.size();
}

/// What sets a state when a run begins computes nothing.
int count_of(const Quantized& result, Form form) {
  const Graph& graph = result.exact.graphs[0];
  int count = 0;
  for (std::size_t at = 0; at < graph.nodes.size(); ++at)
    count += result.assignment.forms[at] == form && !graph.nodes[at].outputs.empty();
  return count;
}

void print_accuracy(std::ostream& out, const QuantizeReport& report) {
  const auto& classes = report.result.measurement.classes;
  if (has_accuracy(report))
    out << "accuracy      " << percent_text(accuracy(classes.exact, report.examples.labels))
        << " float, " << percent_text(accuracy(classes.quantized, report.examples.labels))
        << " quantised, on " << plural(report.examples.count, "example") << '\n';
  if (!classes.exact.empty())
    out << "agreement     " << percent_text(classes.agreement())
        << " of examples have the float network's largest output\n";
}

void print_forms(std::ostream& out, const QuantizeReport& report) {
  const Quantized& result = report.result;
  const Graph& graph = result.exact.graphs[0];
  out << "operators     " << count_of(result, Form::kInteger) << " on integers, "
      << count_of(result, Form::kHybrid) << " hybrid, " << count_of(result, Form::kFloat)
      << " on floats\n";
  for (int at : result.sent_back)
    out << "              " << graph::describe(graph, graph.nodes[static_cast<std::size_t>(at)])
        << " went back to floats for --min-sqnr\n";
}

Json tensor_json(const Line& line, DType type) {
  Json::Object object{{"index", line.node.index},
                      {"operator", line.node.op},
                      {"form", form_text(line.form, type)},
                      {"output", line.tensor.name}};
  if (const Parameters* p = line.parameters) {
    object.emplace_back("scale", double{p->scale});
    object.emplace_back("zero_point", p->zero_point);
  }
  if (const Fidelity* f = line.fidelity) {
    object.emplace_back("low", double{f->seen.low});
    object.emplace_back("high", double{f->seen.high});
    object.emplace_back("sqnr_db", f->sqnr_db());
    if (line.parameters)
      object.emplace_back("clipped",
                          double(f->clipped) / double(std::max<std::int64_t>(1, f->elements)));
  }
  return object;
}

}  // namespace

void print_quantized(std::ostream& out, const QuantizeReport& report) {
  const Quantized& result = report.result;
  print_table(out, result);
  out << '\n';
  print_forms(out, report);
  out << "methods       ranges by " << name_of(report.options.ranges) << ", "
      << (result.bias_corrected ? "biases corrected" : "biases as they were") << ", "
      << (result.equalized.empty()
              ? "weights as they were"
              : cat(plural(std::ssize(result.equalized), "pair"), " of layers equalised"))
      << '\n';
  const double sqnr = result.measurement.output_sqnr_db();
  out << "outputs       " << decibels_text(sqnr)
      << (std::isinf(sqnr) ? "" : " dB signal to quantisation noise") << '\n';
  print_accuracy(out, report);
  out << "size          " << bytes_text(report.bytes_before) << " to "
      << bytes_text(report.bytes_after) << '\n';
  for (const std::string& note : report.notes) out << "written       " << note << '\n';
}

Json quantized_json(const QuantizeReport& report) {
  const Quantized& result = report.result;
  const auto& classes = result.measurement.classes;
  Json::Array layers;
  for (const Line& line : lines_of(result))
    layers.push_back(tensor_json(line, result.assignment.type));
  Json::Object object{{"model", report.model},
                      {"out", report.out},
                      {"examples", report.examples.count},
                      {"ranges", name_of(report.options.ranges)},
                      {"bias_corrected", result.bias_corrected},
                      {"equalized_pairs", std::ssize(result.equalized)},
                      {"integer_operators", count_of(result, Form::kInteger)},
                      {"hybrid_operators", count_of(result, Form::kHybrid)},
                      {"float_operators", count_of(result, Form::kFloat)},
                      {"output_sqnr_db", result.measurement.output_sqnr_db()},
                      {"bytes_before", report.bytes_before},
                      {"bytes_after", report.bytes_after}};
  if (!classes.exact.empty()) object.emplace_back("agreement", classes.agreement());
  if (has_accuracy(report)) {
    object.emplace_back("accuracy_float", accuracy(classes.exact, report.examples.labels));
    object.emplace_back("accuracy_quantized", accuracy(classes.quantized, report.examples.labels));
  }
  Json::Array notes;
  for (const std::string& note : report.notes) notes.push_back(note);
  object.emplace_back("notes", std::move(notes));
  object.emplace_back("layers", std::move(layers));
  return object;
}

}  // namespace mote::cli
