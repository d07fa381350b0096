#include "cli/results.h"

#include <algorithm>
#include <cstring>
#include <iostream>
#include <numeric>

#include "cli/format.h"
#include "cli/load.h"
#include "cli/saved_tensors.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::cli {
namespace {

constexpr std::int64_t kShownWhole = 64;  ///< outputs of up to so many elements are printed whole

Result<std::vector<std::string>> read_labels(const std::string& path) {
  const auto file = read_file(path, 1 << 24);
  if (!file) return tl::unexpected(file.error());
  std::vector<std::string> labels(1);
  for (std::byte byte : *file) {
    const char c = std::to_integer<char>(byte);
    if (c == '\n')
      labels.emplace_back();
    else if (c != '\r')
      labels.back() += c;
  }
  if (labels.back().empty()) labels.pop_back();
  return labels;
}

/// Labels must be as many as the scores that they name, or they would name the wrong ones.
Result<void> check_labels(const ResultsForm& form, const Program& program,
                          const std::string& path) {
  if (program.outputs.empty()) return {};
  const TensorInfo& output = program.tensors[static_cast<std::size_t>(program.outputs[0])];
  const std::int64_t classes = output.bytes / size_of(output.type);
  if (classes == static_cast<std::int64_t>(form.labels.size())) return {};
  return bad_input(cat("'", path, "' names ", form.labels.size(), " classes, the output '",
                       output.name, "' has ", classes, "; expected a line for each"));
}

/// Indices of elements, best score first; equal scores in their order.
std::vector<std::size_t> ranking(const std::vector<float>& scores, std::size_t count) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](std::size_t a, std::size_t b) {
                      return scores[a] != scores[b] ? scores[a] > scores[b] : a < b;
                    });
  order.resize(count);
  return order;
}

/// Element i of an integer tensor, as it is stored.
std::string stored(const Port& port, std::size_t i) {
  const auto size = static_cast<std::size_t>(size_of(port.info().type));
  const std::byte* data = port.bytes().data() + i * size;
  const bool negative =
      is_signed(port.info().type) && (data[size - 1] & std::byte{0x80}) != std::byte{0};
  std::int64_t value = negative ? -1 : 0;  // little-endian: the low bytes are overwritten
  std::memcpy(&value, data, size);
  return port.info().type == DType::kUint64 ? std::to_string(static_cast<std::uint64_t>(value))
                                            : std::to_string(value);
}

void print_output(std::ostream& out, const Port& port, const ResultsForm& form, bool first) {
  using enum Table::Align;
  const TensorInfo& info = port.info();
  const std::vector<float> real = port.read_real();
  const bool quantised = info.scale != 0 && info.type != DType::kFloat32;
  const bool labelled = first && !form.labels.empty();
  std::size_t shown = form.top > 0 ? static_cast<std::size_t>(form.top) : real.size();
  if (form.top == 0 && real.size() > kShownWhole) shown = 8;
  std::vector<std::size_t> order(std::min(shown, real.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  if (form.top > 0) order = ranking(real, shown);
  out << '\'' << shortened(info.name) << "' " << name_of(info.type) << ' ' << shape_text(info.shape)
      << '\n';
  std::vector<Table::Column> columns{{form.top > 0 ? "class" : "element", kRight},
                                     {form.top > 0 ? "score" : "value", kRight}};
  if (quantised) columns.push_back({"stored", kRight});
  if (labelled) columns.push_back({"label"});
  Table table(columns);
  for (std::size_t i : order) {
    std::vector<std::string> cells{std::to_string(i), number_text(double{real[i]}, 6)};
    if (quantised) cells.push_back(stored(port, i));
    if (labelled) cells.push_back(form.labels[i]);
    table.row(std::move(cells));
  }
  table.print(out);
  if (form.top == 0 && order.size() < real.size())
    out << "... " << grouped(static_cast<std::int64_t>(real.size() - order.size()))
        << " more; --top-k=N shows the largest, --output=FILE writes all\n";
}

Json output_json(const Port& port, const ResultsForm& form, bool first) {
  const TensorInfo& info = port.info();
  const std::vector<float> real = port.read_real();
  Json::Object object{{"name", info.name}, {"type", name_of(info.type)}, {"shape", info.shape}};
  if (form.top == 0) {
    object.emplace_back("values", Json::Array(real.begin(), real.end()));
    return object;
  }
  Json::Array best;
  for (std::size_t i : ranking(real, static_cast<std::size_t>(form.top))) {
    Json::Object entry{{"class", i}, {"score", double{real[i]}}};
    if (first && !form.labels.empty()) entry.emplace_back("label", form.labels[i]);
    best.push_back(std::move(entry));
  }
  object.emplace_back("best", std::move(best));
  return object;
}

}  // namespace

Result<ResultsForm> results_form_from(const Args& args, const Program& program) {
  ResultsForm form{.output = args.text("--output"), .json = args.has("--json")};
  const auto top = args.integer("--top-k", args.has("--labels") ? 5 : 0, 1, 1 << 20);
  if (!top) return tl::unexpected(top.error());
  form.top = *top;
  if (args.has("--labels")) {
    const std::string path = args.text("--labels");
    auto labels = read_labels(path);
    if (!labels) return tl::unexpected(labels.error());
    form.labels = std::move(*labels);
    MOTE_TRY(check_labels(form, program, path));
  }
  if (form.output == "-" && form.json)
    return fail(ErrorCode::kUsage, "--output=- and --json would both go to standard output");
  return form;
}

void Results::add(std::span<const Port> outputs, const std::string& input) {
  Json::Array json;
  const bool text = !form_.json && (form_.output.empty() || (form_.top > 0 && form_.output != "-"));
  if (text && runs_ > 1)
    out_ << (run_ > 0 ? "\n" : "") << bold(cat("run ", run_ + 1, " of ", runs_)) << " (" << input
         << ")\n";
  bool first = true;
  for (const Port& port : outputs) {
    if (!form_.output.empty())
      bytes_.insert(bytes_.end(), port.bytes().begin(), port.bytes().end());
    if (text) print_output(out_, port, form_, first);
    if (form_.json) json.push_back(output_json(port, form_, first));
    first = false;
  }
  if (form_.json)
    runs_json_.push_back(Json::Object{{"input", input}, {"outputs", std::move(json)}});
  ++run_;
}

Result<void> Results::finish(Json::Object more) {
  if (form_.json) {
    more.insert(more.begin(), {"model", program_.source});
    more.emplace_back("runs", std::move(runs_json_));
    out_ << dump(std::move(more));
  }
  if (form_.output.empty()) return {};
  const bool npy = form_.output.ends_with(".npy");
  if (npy && program_.outputs.size() != 1)
    return bad_input(cat("a .npy file holds one output, the network has ", program_.outputs.size(),
                         "; name a .bin file with --output"));
  const auto id = npy ? static_cast<std::size_t>(program_.outputs[0]) : 0;
  MOTE_TRY(write_file(form_.output,
                      npy ? as_npy(program_.tensors[id], runs_, bytes_) : std::move(bytes_)));
  std::cerr << "mote: " << plural(runs_, "run") << ", outputs written to "
            << (form_.output == "-" ? "standard output" : cat("'", form_.output, "'")) << '\n';
  return {};
}

}  // namespace mote::cli
