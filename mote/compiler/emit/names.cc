#include "mote/compiler/emit/names.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "mote/compiler/emit/text.h"
#include "mote/support/cat.h"

namespace mote::emit {
namespace {

constexpr int kMostParameters = 6;

struct Roles {
  std::string_view begins, ends;  ///< the kernels' names
  std::string_view roles[kMostParameters];
};

/// The first that fits counts.
constexpr Roles kRoles[] = {
    {"conv_2d_packed_rows_", "", {"", "Stream", "Rows"}},
    {"conv_2d_packed_", "", {"", "Stream", "Columns"}},
    {"depthwise_conv_2d_packed_", "", {"", "Stream", "Rows"}},
    {"fully_connected_packed_", "", {"", "Stream"}},
    {"conv_2d_", "_hybrid", {"", "", "", "Filter", "FilterScale", "Bias"}},
    {"depthwise_conv_2d_", "_hybrid", {"", "", "", "Filter", "FilterScale", "Bias"}},
    {"fully_connected_", "_hybrid", {"", "", "", "Filter", "FilterScale", "Bias"}},
    {"conv_2d_", "", {"", "Filter", "Bias"}},
    {"depthwise_conv_2d_", "", {"", "Filter", "Bias"}},
    {"fully_connected_", "", {"", "Filter", "Bias"}},
    {"transpose_conv_", "", {"", "Filter", "Bias"}},
    {"gather_", "", {"", "Indices"}},
    {"gru_f32", "", {"", "Weights", "Recurrent", "InputBias", "RecurrentBias"}},
    {"gru_", "", {"", "Weights", "Recurrent", "InputBias", "RecurrentBias", "Table"}},
    {"log_softmax_", "", {"", "Table"}},
    {"logistic_", "", {"", "Table"}},
    {"lookup_", "", {"", "Table"}},
    {"lstm_f32", "", {"", "Weights", "Recurrent", "Bias"}},
    {"lstm_", "", {"", "Weights", "Recurrent", "InputBias", "RecurrentBias", "Table"}},
    {"pad_", "", {"", "Value"}},
    {"prelu_", "", {"", "Alpha"}},
    {"resize_", "", {"", "Rows", "Columns", "RowWeights", "ColumnWeights"}},
    {"softmax_s16", "", {"", "ExpTable", "InverseTable"}},
    {"softmax_", "", {"", "Table"}},
    {"svdf_", "", {"", "FeatureFilter", "TimeFilter", "Bias"}},
    {"tanh_", "", {"", "Table"}},
};

/// Names of results that say nothing of what makes them.
constexpr std::string_view kSaysNothing[] = {"Identity", "StatefulPartitionedCall", "output"};

/// Whether a tensor's name is one that a person would give to a constant.
bool is_telling(std::string_view name) {
  constexpr std::size_t kLongest = 20;
  if (name.size() > kLongest || name.empty() || !std::isalpha(static_cast<unsigned char>(name[0])))
    return false;
  const auto is_part = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return std::all_of(name.begin(), name.end(), is_part) &&
         std::find(std::begin(kSaysNothing), std::end(kSaysNothing), name) ==
             std::end(kSaysNothing);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

}  // namespace

std::string Names::unique(const std::string& wanted) {
  std::string name = wanted;
  for (int number = 2; !taken_.insert(name).second; ++number) name = cat(wanted, "_", number);
  return name;
}

std::string camel_case(std::string_view name) {
  std::string out;
  bool is_start = true;
  for (char c : name) {
    if (c != '_')
      out += is_start ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    is_start = c == '_';
  }
  return out;
}

std::string name_of(const program::KernelCall& call) {
  const std::string_view node = call.node;  // "node 3 CONV_2D 'conv1'"
  const std::size_t first = node.find('\''), last = node.rfind('\'');
  if (first < last && last != std::string_view::npos) {
    const std::string_view result = node.substr(first + 1, last - first - 1);
    if (is_telling(result)) return camel_case(result);
  }
  const std::string op = camel_case(lower(call.op));
  constexpr std::string_view kNode = "node ";
  const std::string number =
      node.starts_with(kNode)
          ? std::string(node.substr(kNode.size(), node.find(' ', kNode.size()) - kNode.size()))
          : "Added";
  return op + number;
}

std::string_view role_of(std::string_view kernel, int parameter) {
  if (parameter >= kMostParameters) return "";
  for (const Roles& row : kRoles)
    if (kernel.starts_with(row.begins) && kernel.ends_with(row.ends)) return row.roles[parameter];
  return "";
}

}  // namespace mote::emit
