#include <algorithm>

#include "cli/arena_map.h"
#include "cli/certificate.h"
#include "cli/commands.h"
#include "cli/format.h"
#include "cli/inspection.h"
#include "cli/load.h"
#include "mote/compiler/passes/passes.h"
#include "mote/support/cat.h"
#include "mote/support/json.h"

namespace mote::cli {
namespace {

using enum Table::Align;

std::string output_name(const graph::Graph& graph, const graph::Node& node) {
  return node.outputs.empty() ? "" : graph.output(node).name;
}

/// "scale 0.58, zero point 83", "64 scales along axis 3", or "".
std::string quantization_text(const graph::Tensor& tensor) {
  if (tensor.quant.scale.empty()) return "";
  if (tensor.quant.scale.size() > 1)
    return cat(tensor.quant.scale.size(), " scales along axis ", tensor.quant.axis);
  return cat("scale ", number_text(tensor.scale()), ", zero point ", tensor.zero_point());
}

void print_ports(std::ostream& out, const graph::Graph& graph) {
  const auto print = [&](const char* what, const std::vector<int>& list) {
    for (int index : list) {
      const graph::Tensor& tensor = graph.tensors[static_cast<std::size_t>(index)];
      const std::string quantization = quantization_text(tensor);
      out << what << " '" << shortened(tensor.name) << "' " << name_of(tensor.type) << ' '
          << shape_text(tensor.shape) << (quantization.empty() ? "" : ", ") << quantization << '\n';
    }
  };
  print("input   ", graph.inputs);
  print("output  ", graph.outputs);
}

void print_operators(std::ostream& out, const Inspection& inspection) {
  const graph::Graph& graph = inspection.model->graphs[0];
  Table table({{"index", kRight},
               {"operator"},
               {"output"},
               {"type"},
               {"MACs", kRight},
               {"weights", kRight},
               {"name"}});
  for (const OperatorReport& report : inspection.operators) {
    const graph::Node& node = *report.node;
    const bool writes = !node.outputs.empty();
    table.row({std::to_string(node.index), node.op + (report.supported ? "" : " (!)"),
               writes ? shape_text(graph.output(node).shape) : "",
               writes ? name_of(graph.output(node).type) : "",
               !report.macs        ? "?"
               : *report.macs == 0 ? ""
                                   : grouped(*report.macs),
               report.weight_bytes == 0 ? "" : grouped(report.weight_bytes),
               shortened(output_name(graph, node))});
  }
  table.print(out);
}

void print_tensors(std::ostream& out, const graph::Graph& graph) {
  Table table({{"index", kRight},
               {"type"},
               {"shape"},
               {"bytes", kRight},
               {"kind"},
               {"quantisation"},
               {"name"}});
  for (std::size_t i = 0; i < graph.tensors.size(); ++i) {
    const graph::Tensor& tensor = graph.tensors[i];
    const char* kind = tensor.is_constant() ? "constant"
                       : tensor.is_variable ? "variable"
                       : tensor.is_resource ? "resource"
                                            : "";
    table.row({std::to_string(i), name_of(tensor.type), shape_text(tensor.shape),
               grouped(graph::byte_count(tensor)), kind, quantization_text(tensor),
               shortened(tensor.name)});
  }
  table.print(out);
}

void print_totals(std::ostream& out, const Inspection& inspection) {
  const bool complete = inspection.program.has_value();
  out << "MACs     " << grouped(total_macs(inspection))
      << (complete ? " an inference\n" : " an inference, of the operators that could be counted\n")
      << "weights  " << bytes_text(inspection.weight_bytes) << '\n';
  for (const std::string& line : inspection.loops) out << "loops    " << line << '\n';
  const auto& [shrunk, before, after] = inspection.certificate;
  if (!shrunk.empty())
    out << "shrunk   to " << share_text(after.macs, before.macs) << " of " << grouped(before.macs)
        << " MACs and " << share_text(after.weight_bytes, before.weight_bytes) << " of "
        << bytes_text(before.weight_bytes) << " of weights; --certificate says why\n";
  if (!complete) {
    out << "arena    unknown; the activations alone need "
        << bytes_text(inspection.activation_bytes) << '\n';
    return;
  }
  const program::Program& program = *inspection.program;
  const Moment moment = largest_moment(program);
  const std::int64_t bound = program.arena_lower_bound;
  out << "bound    " << grouped(bound) << " B: no plan with the same sharing can need less";
  if (program.arena_bytes > bound)
    out << ", this one needs "
        << number_text(100 * (static_cast<double>(program.arena_bytes) / double(bound) - 1), 2)
        << " % more";
  out << "\narena    " << grouped(program.arena_bytes) << " B, exactly";
  if (moment.alive.empty()) {
    out << '\n';
    return;
  }
  out << "; the most is in use in " << moment.call << ":\n\n";
  Table table({{"bytes", kRight}, {"offset", kRight}, {"buffer"}});
  for (const program::Placement* placement : moment.alive)
    table.row({grouped(placement->bytes), grouped(placement->offset), shortened(placement->name)});
  table.row({grouped(moment.bytes), "", "in all"});
  table.print(out);
}

void print_unsupported(std::ostream& out, const Inspection& inspection) {
  if (!inspection.obstacle.empty())
    out << "\nmote cannot run this model: " << inspection.obstacle << '\n';
  if (inspection.unsupported.empty()) return;
  out << "\nmote cannot run "
      << plural(static_cast<std::int64_t>(inspection.unsupported.size()), "operator")
      << " of this model:\n";
  for (const std::string& line : ops::lines_of(inspection.unsupported)) out << "  " << line << '\n';
}

void print_text(std::ostream& out, const Args& args, const ModelFile& file,
                const Inspection& inspection) {
  const graph::Model& model = file.model;
  out << bold(model.source) << ": " << bytes_text(file.bytes) << ", "
      << plural(static_cast<std::int64_t>(inspection.operators.size()), "operator");
  if (model.graphs.size() > 1) out << ", " << model.graphs.size() << " subgraphs";
  if (!model.description.empty()) out << ", \"" << model.description << '"';
  out << '\n';
  print_ports(out, model.graphs[0]);
  out << '\n';
  print_operators(out, inspection);
  out << '\n';
  if (args.has("--tensors")) {
    print_tensors(out, model.graphs[0]);
    out << '\n';
  }
  print_totals(out, inspection);
  print_unsupported(out, inspection);
  if (args.has("--arena-map") && inspection.program) {
    out << '\n';
    print_arena_map(out, *inspection.program);
  }
  if (args.has("--certificate")) {
    out << '\n';
    print_certificate(out, inspection.certificate);
  }
}

Json tensor_json(const graph::Graph& graph, int index) {
  const graph::Tensor& tensor = graph.tensors[static_cast<std::size_t>(index)];
  Json::Array scales, zero_points;
  for (float scale : tensor.quant.scale) scales.push_back(double{scale});
  for (std::int64_t zero_point : tensor.quant.zero_point) zero_points.push_back(zero_point);
  return Json::Object{{"index", index},
                      {"name", tensor.name},
                      {"type", name_of(tensor.type)},
                      {"shape", tensor.shape},
                      {"bytes", graph::byte_count(tensor)},
                      {"scale", std::move(scales)},
                      {"zero_point", std::move(zero_points)},
                      {"axis", tensor.quant.axis},
                      {"constant", tensor.is_constant()},
                      {"variable", tensor.is_variable}};
}

Json operators_json(const Inspection& inspection) {
  const graph::Graph& graph = inspection.model->graphs[0];
  Json::Array list;
  for (const OperatorReport& report : inspection.operators) {
    const graph::Node& node = *report.node;
    Json::Object entry{{"index", node.index},
                       {"operator", node.op},
                       {"name", output_name(graph, node)},
                       {"supported", report.supported},
                       {"macs", report.macs ? Json(*report.macs) : Json()},
                       {"weight_bytes", report.weight_bytes},
                       {"inputs", node.inputs},
                       {"outputs", node.outputs}};
    if (!node.outputs.empty()) {
      entry.emplace_back("output_shape", graph.output(node).shape);
      entry.emplace_back("type", name_of(graph.output(node).type));
    }
    list.push_back(std::move(entry));
  }
  return list;
}

Json placement_json(const program::Placement& placement) {
  return Json::Object{{"name", placement.name},
                      {"bytes", placement.bytes},
                      {"offset", placement.offset},
                      {"first_use", placement.first_use},
                      {"last_use", placement.last_use}};
}

/// Adds what is known only of a model that mote can run.
void add_program(Json::Object& object, const Inspection& inspection, bool whole_map) {
  const program::Program& program = *inspection.program;
  object.emplace_back("lower_bound_bytes", program.arena_lower_bound);
  object.emplace_back("fits", inspection.misfit.empty());
  const Moment moment = largest_moment(program);
  Json::Array alive, all;
  for (const auto* placement : moment.alive) alive.push_back(placement_json(*placement));
  object.emplace_back(
      "largest_moment",
      Json::Object{{"node", moment.call}, {"bytes", moment.bytes}, {"buffers", std::move(alive)}});
  if (!whole_map) return;
  for (const auto& placement : program.placements) all.push_back(placement_json(placement));
  object.emplace_back("placements", std::move(all));
}

void print_json(std::ostream& out, const Args& args, const ModelFile& file,
                const Inspection& inspection) {
  const graph::Graph& graph = file.model.graphs[0];
  const auto& program = inspection.program;
  Json::Array inputs, outputs, tensors, unsupported;
  for (int index : graph.inputs) inputs.push_back(tensor_json(graph, index));
  for (int index : graph.outputs) outputs.push_back(tensor_json(graph, index));
  for (const ops::Unsupported& entry : inspection.unsupported)
    unsupported.push_back(Json::Object{{"subgraph", entry.graph},
                                       {"node", entry.node},
                                       {"operator", entry.op},
                                       {"message", entry.message}});
  Json::Object object{{"model", file.model.source},
                      {"description", file.model.description},
                      {"file_bytes", file.bytes},
                      {"runnable", program.has_value()},
                      {"macs", total_macs(inspection)},
                      {"weight_bytes", inspection.weight_bytes},
                      {"arena_bytes", program ? Json(program->arena_bytes) : Json()},
                      {"activation_bytes", inspection.activation_bytes},
                      {"inputs", std::move(inputs)},
                      {"outputs", std::move(outputs)},
                      {"operators", operators_json(inspection)},
                      {"unsupported", std::move(unsupported)}};
  if (!inspection.obstacle.empty()) object.emplace_back("obstacle", inspection.obstacle);
  if (!inspection.loops.empty()) {
    Json::Array loops;
    for (const std::string& line : inspection.loops) loops.push_back(line);
    object.emplace_back("loops", std::move(loops));
  }
  const bool whole = args.has("--certificate");
  if (whole || !inspection.certificate.tensors.empty())
    object.emplace_back("shrinking", certificate_json(inspection.certificate, whole));
  if (program) add_program(object, inspection, args.has("--arena-map"));
  if (args.has("--tensors")) {
    for (std::size_t i = 0; i < graph.tensors.size(); ++i)
      tensors.push_back(tensor_json(graph, static_cast<int>(i)));
    object.emplace_back("tensors", std::move(tensors));
  }
  out << dump(std::move(object));
}

/// Those for loops, and then every pass that runs on each model.
std::vector<const passes::Pass*> listed_passes() {
  std::vector<const passes::Pass*> list = {&passes::unroll_loops, &passes::recognise_grus};
  const auto all = passes::all_passes();
  list.insert(list.end(), all.begin(), all.end());
  return list;
}

/// "fold_constants, remove_unused".
std::string pass_names() {
  std::string names;
  for (const passes::Pass* pass : listed_passes())
    names += cat(names.empty() ? "" : ", ", pass->name);
  return names;
}

bool is_pass(std::string_view name) {
  const auto list = listed_passes();
  return std::any_of(list.begin(), list.end(),
                     [&](const passes::Pass* pass) { return pass->name == name; });
}

void print_passes(std::ostream& out) {
  Table table({{"pass"}, {"what it does"}});
  for (const passes::Pass* pass : listed_passes())
    table.row({std::string(pass->name), std::string(pass->summary)});
  table.print(out);
}

Result<void> run(const Args& args, std::ostream& out) {
  if (args.has("--passes")) return print_passes(out), Result<void>();
  if (args.positional.empty())
    return fail(ErrorCode::kUsage, "`mote inspect` needs an argument, a MODEL; or --passes");
  const auto arena_limit = arena_limit_from(args);
  if (!arena_limit) return tl::unexpected(arena_limit.error());
  const InspectOptions options{.arena_limit = *arena_limit,
                               .shrink = !args.has("--no-shrink"),
                               .recognise_gru = args.has("--recognise-gru"),
                               .dump_after = args.text("--dump-after")};
  if (args.has("--dump-after") && !is_pass(options.dump_after))
    return fail(ErrorCode::kUsage,
                cat("--dump-after is '", options.dump_after, "', expected one of ", pass_names()));
  const auto file = read_model(args.positional[0]);
  if (!file) return tl::unexpected(file.error());
  const Inspection inspection = inspect(file->model, options);
  if (args.has("--dump-after")) {
    if (inspection.dump.empty())
      return bad_input(cat(options.dump_after, " did not run",
                           options.shrink ? "" : ", because of --no-shrink",
                           inspection.obstacle.empty() ? "" : ": ", inspection.obstacle));
    out << inspection.dump;
    return {};
  }
  args.has("--json") ? print_json(out, args, *file, inspection)
                     : print_text(out, args, *file, inspection);
  if (!inspection.misfit.empty())
    return fail(ErrorCode::kCheckFailed, cat(file->model.source, ": ", inspection.misfit));
  return {};
}

constexpr Flag kFlags[] = {
    {"--tensors", "", "also list every tensor with its quantisation"},
    {"--arena-map", "", "also draw which bytes of the arena are in use when"},
    kArenaFlag,
    {"--certificate", "", "also list every channel that was taken out, with the reason"},
    kNoShrinkFlag,
    kRecogniseGruFlag,
    {"--passes", "", "list the passes that a model goes through, and nothing else"},
    {"--dump-after", "PASS", "print what that pass changed and the graph that it left"},
    kJsonFlag,
};

}  // namespace

const Command kInspect = {
    .name = "inspect",
    .summary = "show what a model is made of, and what it needs to run",
    .usage =
        "mote inspect MODEL [--tensors] [--arena-map] [--arena=BYTES] [--certificate]\n"
        "                    [--no-shrink] [--recognise-gru] [--json]\n"
        "       mote inspect MODEL --dump-after=PASS\n"
        "       mote inspect --passes",
    .details =
        "Lists the operators with their multiply-accumulates (MACs) and bytes of weights, and "
        "says\n"
        "exactly how much working memory (arena) the model needs and what lies in it at the worst\n"
        "moment. A model that mote cannot run is shown too: what is missing is listed, all of it,\n"
        "and marked (!). Exit code 0 in both cases; 3 where --arena is given and the model needs "
        "more.\n"
        "Channels that no output depends on are not computed: the MACs are those that are left,\n"
        "and --certificate gives the reason for each. --no-shrink shows the model without that.\n\n"
        "examples:\n"
        "  mote inspect kws.tflite\n"
        "  mote inspect kws.tflite --arena-map\n"
        "  mote inspect kws.tflite --arena=16384\n"
        "  mote inspect kws.tflite --certificate\n"
        "  mote inspect kws.tflite --dump-after=eliminate_dead_channels\n"
        "  mote inspect kws.tflite --json | jq .arena_bytes",
    .flags = kFlags,
    .min_positional = 0,
    .run = run,
};

}  // namespace mote::cli
