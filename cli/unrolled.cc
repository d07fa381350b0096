#include "cli/unrolled.h"

#include "mote/compiler/graph/edit.h"
#include "mote/compiler/passes/unroll_gru.h"
#include "mote/support/cat.h"

namespace mote::cli {

Result<std::vector<std::string>> unroll_grus(graph::Model& model) {
  auto changes = passes::unroll_gru(model);
  if (!changes) return fail(changes.error().code, cat(model.source, ": ", changes.error().message));
  if (!changes->empty()) graph::compact(model);
  return std::move(changes->lines);
}

Result<std::vector<std::string>> unroll_recurrent(graph::Model& model, convert::LstmForm lstms) {
  auto lines = unroll_grus(model);
  MOTE_TRY(lines);
  const auto rewritten = convert::rewrite_lstms(model, lstms);
  if (!rewritten)
    return fail(rewritten.error().code, cat(model.source, ": ", rewritten.error().message));
  if (!rewritten->empty()) graph::compact(model);
  lines->insert(lines->end(), rewritten->begin(), rewritten->end());
  return lines;
}

}  // namespace mote::cli
