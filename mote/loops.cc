#include "mote/compiler/compile.h"
#include "mote/mote.h"

namespace mote {

Loops::Loops(bool recognises) {
  recognise_gru = recognises;
  compiler::with_gru();
}

}  // namespace mote
