#include "cli/unrolled.h"

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/passes.h"
#include "mote/compiler/passes/unroll_gru.h"
#include "mote/support/cat.h"

namespace mote::cli {

Result<std::vector<std::string>> unroll_lstms(graph::Model& model, convert::LstmForm lstms) {
  auto lines = convert::rewrite_lstms(model, lstms);
  if (!lines) return fail(lines.error().code, cat(model.source, ": ", lines.error().message));
  if (!lines->empty()) graph::compact(model);
  return std::move(*lines);
}

Result<std::vector<std::string>> unroll_grus(graph::Model& model) {
  auto loops = passes::unroll_loops.run(model, {});
  if (!loops) return fail(loops.error().code, cat(model.source, ": ", loops.error().message));
  auto grus = passes::unroll_gru(model);
  if (!grus) return fail(grus.error().code, cat(model.source, ": ", grus.error().message));
  std::vector<std::string> lines = std::move(loops->lines);
  lines.insert(lines.end(), grus->lines.begin(), grus->lines.end());
  if (!lines.empty()) graph::compact(model);
  return lines;
}

Result<std::vector<std::string>> unroll_recurrent(graph::Model& model, convert::LstmForm lstms) {
  auto lines = unroll_grus(model);
  MOTE_TRY(lines);
  const auto rewritten = unroll_lstms(model, lstms);
  MOTE_TRY(rewritten);
  lines->insert(lines->end(), rewritten->begin(), rewritten->end());
  return lines;
}

Result<void> recognise_grus(graph::Model& model) {
  const auto loops = passes::unroll_loops.run(model, {});
  if (!loops) return fail(loops.error().code, cat(model.source, ": ", loops.error().message));
  const auto changes = passes::recognise_gru(model);
  if (!changes) return fail(changes.error().code, cat(model.source, ": ", changes.error().message));
  if (!changes->empty()) graph::compact(model);
  return {};
}

}  // namespace mote::cli
