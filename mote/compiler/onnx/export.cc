#include "mote/compiler/onnx/export.h"

#include "mote/compiler/onnx/exporter.h"
#include "mote/support/cat.h"

namespace mote::onnx {

Result<std::vector<std::byte>> write_onnx(const graph::Model& model) {
  MOTE_TRY(graph::verify(model));
  auto text = Exporter(model.graphs[0]).run();
  if (!text) return fail(text.error().code, cat(model.source, ": ", text.error().message));
  const auto bytes = std::as_bytes(std::span(*text));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace mote::onnx
