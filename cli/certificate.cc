#include "cli/certificate.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/format.h"
#include "mote/support/cat.h"

namespace mote::cli {
namespace {

using passes::Argument;
using passes::RemovedChannel;
using passes::ShrunkTensor;

/// Channels of one tensor that go for one reason and hold one value.
struct Group {
  std::vector<int> channels;               ///< ascending
  std::int64_t low_sum = 0, high_sum = 0;  ///< around all of theirs
};
using Groups = std::map<std::pair<Argument, int>, Group>;

Groups group(const ShrunkTensor& tensor) {
  Groups groups;
  for (const RemovedChannel& removed : tensor.removed) {
    const auto [it, is_new] = groups.try_emplace({removed.argument, removed.value});
    Group& group = it->second;
    group.channels.push_back(removed.channel);
    group.low_sum = is_new ? removed.low_sum : std::min(group.low_sum, removed.low_sum);
    group.high_sum = is_new ? removed.high_sum : std::max(group.high_sum, removed.high_sum);
  }
  return groups;
}

std::string reason(Argument argument, int value, const Group& group) {
  switch (argument) {
    case Argument::kZeroFilter:
      return cat("filter is all zero, always ", value);
    case Argument::kClamps:
      return cat("clamps to ", value, ": accumulators lie in [", grouped(group.low_sum), ", ",
                 grouped(group.high_sum), "]");
    case Argument::kConstantInputs:
      return cat("constant input channels, always ", value);
    case Argument::kUnread:
      return "nothing reads it";
  }
  return "";
}

/// "3-17, 20", in lines of at most `width` after the first, each indented by `indent`.
std::string ranges_text(const std::vector<int>& channels, std::size_t width,
                        const std::string& indent) {
  std::string text, line;
  for (std::size_t i = 0; i < channels.size();) {
    std::size_t end = i + 1;
    while (end < channels.size() && channels[end] == channels[end - 1] + 1) ++end;
    const std::string range =
        end - i == 1 ? cat(channels[i]) : cat(channels[i], '-', channels[end - 1]);
    const std::string piece = cat(range, end < channels.size() ? ", " : "");
    if (line.size() + piece.size() > width) text += cat(line, '\n', indent), line.clear();
    line += piece;
    i = end;
  }
  return text + line;
}

const char* name_of(Argument argument) {
  constexpr const char* kNames[] = {"zero_filter", "clamps", "constant_inputs", "unread"};
  return kNames[static_cast<std::size_t>(argument)];
}

Json removed_json(const RemovedChannel& removed) {
  Json::Object object{{"channel", removed.channel}, {"argument", name_of(removed.argument)}};
  if (removed.argument != Argument::kUnread) object.emplace_back("value", removed.value);
  if (removed.argument == Argument::kClamps) {
    object.emplace_back("low_sum", removed.low_sum);
    object.emplace_back("high_sum", removed.high_sum);
  }
  return object;
}

Json cost_json(const passes::Cost& cost) {
  return Json::Object{{"macs", cost.macs}, {"weight_bytes", cost.weight_bytes}};
}

}  // namespace

std::string share_text(std::int64_t part, std::int64_t whole) {
  char text[32];
  std::snprintf(
      text, sizeof text, "%.1f %%",
      whole == 0 ? 100.0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole));
  return text;
}

void print_certificate(std::ostream& out, const passes::Certificate& certificate) {
  constexpr std::size_t kWidth = 78;
  if (certificate.tensors.empty()) {
    out << "certificate: no channel was taken out\n";
    return;
  }
  out << "certificate: what was taken out, and why no output can tell\n";
  for (const ShrunkTensor& tensor : certificate.tensors) {
    const auto gone = static_cast<int>(tensor.removed.size());
    out << '\n'
        << bold(tensor.node) << ": " << tensor.channels - gone << " of " << tensor.channels
        << " channels are left\n";
    for (const auto& [key, group] : group(tensor))
      out << "  " << reason(key.first, key.second, group) << " ("
          << plural(std::ssize(group.channels), "channel") << ")\n    "
          << ranges_text(group.channels, kWidth, "    ") << '\n';
  }
}

Json certificate_json(const passes::Certificate& certificate, bool all) {
  Json::Object object{{"before", cost_json(certificate.before)},
                      {"after", cost_json(certificate.after)}};
  if (!all) return object;
  Json::Array tensors;
  for (const ShrunkTensor& tensor : certificate.tensors) {
    Json::Array removed;
    for (const RemovedChannel& channel : tensor.removed) removed.push_back(removed_json(channel));
    tensors.push_back(Json::Object{{"tensor", tensor.tensor},
                                   {"node", tensor.node},
                                   {"channels", tensor.channels},
                                   {"removed", std::move(removed)}});
  }
  object.emplace_back("tensors", std::move(tensors));
  return object;
}

}  // namespace mote::cli
