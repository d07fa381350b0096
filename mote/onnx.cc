#include "mote/compiler/compile.h"
#include "mote/mote.h"

namespace mote {

Onnx::Onnx() : may_be(onnx::may_be_onnx), read(onnx::read_onnx) { compiler::with_gru(); }

}  // namespace mote
