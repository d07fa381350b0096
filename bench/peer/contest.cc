#include "bench/peer/contest.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <optional>
#include <random>

#include "bench/measure/timing.h"
#include "bench/peer/to_onnx.h"
#include "mote/compiler/model/tflite.h"
#include "mote/mote.h"
#include "mote/support/cat.h"
#include "mote/support/file.h"

namespace mote::bench {
namespace {

using Bytes = std::vector<std::byte>;

/// Rounding differs in every layer, and a softmax makes one unit of a score up to sixteen of a
/// probability. Beyond this, or where they name different winners, the two compute other networks.
constexpr double kMostUnits = 32, kSameBest = 0.75;
constexpr int kRandomInputs = 8;

Bytes random_input(const TensorInfo& info, int seed) {
  std::mt19937 random(static_cast<unsigned>(seed));
  Bytes bytes(static_cast<std::size_t>(info.bytes));
  if (info.type != DType::kFloat32) {
    for (std::byte& byte : bytes) byte = static_cast<std::byte>(random() >> 24);
    return bytes;
  }
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(float)) {
    const float value = static_cast<float>(random()) / 2147483648.0f - 1.0f;
    std::memcpy(&bytes[i], &value, sizeof value);
  }
  return bytes;
}

/// The examples that there are, then random ones.
std::vector<Bytes> inputs_of(const Contest& contest, const std::string& name,
                             const TensorInfo& info) {
  std::vector<std::string> paths;
  std::error_code none;
  if (!contest.examples.empty())
    for (const auto& file :
         std::filesystem::directory_iterator(contest.examples + "/" + name, none))
      if (file.path().string().ends_with(".in.bin")) paths.push_back(file.path().string());
  std::sort(paths.begin(), paths.end());
  std::vector<Bytes> inputs;
  for (const std::string& path : paths)
    if (auto bytes = read_file(path);
        bytes && bytes->size() == static_cast<std::size_t>(info.bytes))
      inputs.push_back(std::move(*bytes));
  for (int i = 0; i < kRandomInputs; ++i) inputs.push_back(random_input(info, i));
  return inputs;
}

/// int8 as the peer has it, and back: uint8, 128 more.
Bytes shifted(std::span<const std::byte> bytes, DType type) {
  Bytes out(bytes.begin(), bytes.end());
  if (type == DType::kInt8)
    for (std::byte& byte : out) byte ^= std::byte{0x80};
  return out;
}

void copy(std::span<const std::byte> from, std::span<std::byte> to) {
  std::memcpy(to.data(), from.data(), from.size());
}

std::vector<float> reals(std::span<const std::byte> bytes, DType type) {
  std::vector<float> out(bytes.size() / static_cast<std::size_t>(size_of(type)));
  for (std::size_t i = 0; i < out.size(); ++i)
    if (type == DType::kFloat32)
      std::memcpy(&out[i], &bytes[i * sizeof(float)], sizeof(float));
    else
      out[i] = static_cast<float>(type == DType::kInt8 ? static_cast<std::int8_t>(bytes[i])
                                                       : std::to_integer<int>(bytes[i]));
  return out;
}

void add_pair(const std::vector<float>& ours, const std::vector<float>& theirs, DType type,
              Agreement& agreement) {
  double largest = 0, magnitude = type == DType::kFloat32 ? 1e-30 : 1;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    largest = std::max<double>(largest, std::abs(ours[i] - theirs[i]));
    if (type == DType::kFloat32) magnitude = std::max<double>(magnitude, std::abs(ours[i]));
  }
  // Of equal outputs any is the best one.
  const auto best = std::max_element(theirs.begin(), theirs.end()) - theirs.begin();
  ++agreement.inputs;
  agreement.same_best +=
      ours[static_cast<std::size_t>(best)] == *std::max_element(ours.begin(), ours.end());
  agreement.largest = std::max(agreement.largest, largest / magnitude);
}

Result<Agreement> agreement_of(Interpreter& mote, OrtNetwork& peer,
                               const std::vector<Bytes>& inputs) {
  const Port in = mote.input(0), out = mote.output(0);
  Agreement agreement;
  for (const Bytes& input : inputs) {
    copy(input, in.bytes());
    mote.run();
    copy(shifted(input, in.info().type), peer.input());
    MOTE_TRY(peer.run());
    add_pair(reals(out.bytes(), out.info().type),
             reals(shifted(peer.output(), out.info().type), out.info().type), out.info().type,
             agreement);
  }
  if (agreement.largest <= kMostUnits && agreement.same_best >= kSameBest * agreement.inputs)
    return agreement;
  return unsupported(cat("ONNX Runtime's outputs differ from mote's by up to ", agreement.largest,
                         " units, expected at most ", kMostUnits, ", and name the same winner for ",
                         agreement.same_best, " of ", agreement.inputs, " inputs"));
}

Result<OrtNetwork> load_peer(OrtLibrary& library, const std::string& path) {
  auto file = read_file(path);
  MOTE_TRY(file);
  const auto model = model::read_tflite(std::make_shared<const Bytes>(std::move(*file)), path);
  MOTE_TRY(model);
  const auto onnx = to_onnx(*model);
  MOTE_TRY(onnx);
  return library.load(*onnx);
}

}  // namespace

Result<Entry> hold(const Contest& contest, const std::string& model, const Roofline& roofline) {
  auto mote = load(model);
  MOTE_TRY(mote);
  const Program& program = mote->program();
  const Port in = mote->input(0);
  Entry entry{.name = std::filesystem::path(model).stem().string(),
              .macs = program::macs(program),
              .weight_bytes = static_cast<std::int64_t>(program.constants.size()),
              .isa = std::string(mote->isa())};
  if (in.info().type != DType::kFloat32)
    entry.bound_s = bound_seconds(roofline, entry.macs, entry.weight_bytes);
  const std::vector<Bytes> inputs = inputs_of(contest, entry.name, in.info());
  // A run may overwrite its input, so writing it belongs to the time: of both.
  const auto run_mote = [&] {
    copy(inputs[0], in.bytes());
    mote->run();
  };
  if (!contest.peer) {
    entry.mote_s = compare(contest.seconds, run_mote, [] {}).first;
    return entry;
  }
  auto peer = load_peer(*contest.peer, model);
  MOTE_TRY(peer);
  const auto agreement = agreement_of(*mote, *peer, inputs);
  MOTE_TRY(agreement);
  entry.agreement = *agreement;
  const Bytes peer_input = shifted(inputs[0], in.info().type);
  Result<void> failed;
  const Versus versus = compare(contest.seconds, run_mote, [&] {
    copy(peer_input, peer->input());
    if (const auto done = peer->run(); !done) failed = done;
  });
  MOTE_TRY(failed);
  entry.mote_s = versus.first;
  entry.peer_s = versus.second;
  entry.ratio = versus.ratio;
  return entry;
}

}  // namespace mote::bench
