// One inference of a .tflite by ONNX Runtime, from nothing: mote_ort_once LIBRARY MODEL. What `mote
// run` is held against when the start counts.
#include <cstdio>
#include <memory>

#include "bench/peer/ort.h"
#include "bench/peer/to_onnx.h"
#include "mote/compiler/model/tflite.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

Result<void> run(const char* library, const char* path) {
  auto file = read_file(path);
  MOTE_TRY(file);
  const auto model =
      model::read_tflite(std::make_shared<const std::vector<std::byte>>(std::move(*file)), path);
  MOTE_TRY(model);
  const auto onnx = to_onnx(*model);
  MOTE_TRY(onnx);
  auto ort = OrtLibrary::open(library);
  MOTE_TRY(ort);
  auto network = ort->load(*onnx);
  MOTE_TRY(network);
  MOTE_TRY(network->run());
  std::printf("%d\n", std::to_integer<int>(network->output()[0]));
  return {};
}

}  // namespace
}  // namespace mote::bench

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: mote_ort_once LIBRARY MODEL\n"), 2;
  const auto done = mote::bench::run(argv[1], argv[2]);
  if (!done) std::fprintf(stderr, "mote_ort_once: %s\n", done.error().message.c_str());
  return done ? 0 : 1;
}
