#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "mote/compiler/graph/graph.h"
#include "mote/host/runtime/interpreter.h"
#include "mote/host/tensor_io/input.h"
#include "mote/mote.h"
#include "mote/program/program.h"

/// What several commands do alike with their arguments.
namespace mote::cli {

/// A model as its file has it, and how large that file is.
struct ModelFile {
  graph::Model model;
  std::int64_t bytes = 0;
};
/// Reads a model file without asking whether mote can run it; "-" is standard input.
Result<ModelFile> read_model(const std::string& path);

/// "scalar, avx2": for help and messages.
std::string isa_names();

/// The inputs that --input, --format, --pixel-range and --resize name.
/// @returns kUsage for a value that those flags do not have; else read_inputs's errors.
Result<std::vector<tensor_io::InputSets>> inputs_from(const Args& args,
                                                      const program::Program& program);
/// The same of these files.
Result<std::vector<tensor_io::InputSets>> inputs_from(const Args& args,
                                                      const program::Program& program,
                                                      std::span<const std::string> paths);
/// `runs` runs of random inputs, the same for the same seed: integers of 8 and 16 bits over their
/// whole range, others (which are indices or conditions) 0 or 1, floats within [-1, 1).
tensor_io::InputSets random_inputs(const program::Program& program, int runs, std::uint64_t seed);

/// Bytes that --arena allows; what every program may use where it is not given.
/// @returns kUsage for what is no number of bytes.
Result<std::int64_t> arena_limit_from(const Args& args);
inline constexpr Flag kArenaFlag = {
    "--arena", "BYTES", "the working memory there is: a model that needs more is refused"};

/// Threads that --threads allows; one where it is not given.
/// @returns kUsage for what is no number from 1 to compiler::kMaxThreads.
Result<std::int64_t> threads_from(const Args& args);
inline constexpr Flag kThreadsFlag = {
    "--threads", "N",
    "split large layers between N threads, 1 to 64 (default 1): the same results"};

/// Where --stream is given, sets the axis and the hop that it says.
/// @returns kUsage for what is not one whole number, or two with a comma.
Result<void> set_stream(const Args& args, LoadOptions& options);

/// What --optimize=ram and --read-rows ask for; nothing where neither is given.
std::optional<Bands> bands_from(const Args& args);
/// Lets layers run in bands of rows where those flags say so.
/// @returns kUsage for another word than balance or ram.
Result<void> set_bands(const Args& args, LoadOptions& options);

/// Runs of extremes: every element the lowest, every element the highest, and both in turn, in
/// runs of 1, 2, 3 and 64 elements. Of floats -1 and 1; of indices and conditions 0 and 1.
tensor_io::InputSets extreme_inputs(const program::Program& program);

/// The flags that inputs_from() reads, for a command's own list.
inline constexpr Flag kInputFlag = {
    "--input", "FILE", ".bin, .npy, .bmp, .png, .ppm, .pgm or .wav; - is standard input", true};
inline constexpr Flag kFormatFlag = {
    "--format", "NAME", "what the files hold, where their names do not say: bin, npy, ..."};
inline constexpr Flag kPixelRangeFlag = {
    "--pixel-range", "LOW..HIGH", "real numbers that pixels stand for: 0..1, -1..1 or 0..255"};
inline constexpr Flag kResizeFlag = {
    "--resize", "", "scale pictures to the input's size, and convert colour to grey or back"};
inline constexpr Flag kIsaFlag = {
    "--isa", "NAME", "the instruction set to use (default: that of MOTE_ISA, or the best here)"};
inline constexpr Flag kStreamFlag = {
    "--stream", "AXIS[,HOP]",
    "take HOP new columns (default 1) of a window that slides along an input's axis"};
inline constexpr Flag kOptimizeFlag = {
    "--optimize", "AIM", "ram: run layers in bands of rows where that takes a smaller arena"};
inline constexpr Flag kReadRowsFlag = {
    "--read-rows", "",
    "ask for the input's rows as bands need them: the working memory never holds all of them"};
inline constexpr Flag kNoShrinkFlag = {
    "--no-shrink", "", "keep the channels that no output depends on, which are else taken out"};
inline constexpr Flag kRecogniseGruFlag = {
    "--recognise-gru", "",
    "compute step-by-step GRUs with one operator: the same up to the rounding of floats"};
inline constexpr Flag kJsonFlag = {"--json", "", "print JSON"};

/// "[1, 49, 10, 1]".
std::string shape_text(std::span<const int> shape);

}  // namespace mote::cli
