#include "mote/compiler/compile.h"
#include "mote/compiler/ops/ops.h"
#include "mote/dispatch/tables.h"

namespace mote::compiler {

void with_gru() {
  ops::with_gru();
  dispatch::with_gru();
}

}  // namespace mote::compiler
