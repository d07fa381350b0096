#include <algorithm>
#include <vector>

#include "cli/commands.h"
#include "mote/compiler/ops/op.h"

namespace mote::cli {
namespace {

Result<void> run(const Args&, std::ostream& out) {
  for (const ops::Op* op : ops::all_ops()) out << op->tflite_name << '\n';
  return {};
}

}  // namespace

const Command kOps = {
    .name = "ops",
    .summary = "list the operators that mote can run, and in which types",
    .usage = "mote ops",
    .details = "",
    .min_positional = 0,
    .max_positional = 0,
    .run = run,
};

}  // namespace mote::cli
