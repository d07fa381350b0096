#include "mote/host/sources/audio_file.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sndfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <type_traits>
#include <utility>

#include "mote/host/sources/container.h"
#include "mote/support/cat.h"

namespace mote::sources {
namespace {

/// Recordings of floats may overshoot full scale, or hold 16-bit values as they are; beyond that
/// they are no sound, and squares of them would overflow.
constexpr float kLargestSample = 32768.0f;

constexpr std::size_t kReadChunk = std::size_t{1} << 16;

/// The functions of libsndfile that decode a recording from memory.
struct SndfileLibrary {
  decltype(&::sf_open_virtual) open_virtual;
  decltype(&::sf_readf_float) readf_float;
  decltype(&::sf_error) error;
  decltype(&::sf_strerror) strerror;
  decltype(&::sf_close) close;
};

Result<SndfileLibrary> open_sndfile() {
  void* library = ::dlopen("libsndfile.so.1", RTLD_NOW | RTLD_LOCAL);
  SndfileLibrary functions{};
  const auto find = [&](auto& function, const char* name) {
    using Function = std::remove_reference_t<decltype(function)>;
    if (library) function = reinterpret_cast<Function>(::dlsym(library, name));
    return function != nullptr;
  };
  if (find(functions.open_virtual, "sf_open_virtual") &&
      find(functions.readf_float, "sf_readf_float") && find(functions.error, "sf_error") &&
      find(functions.strerror, "sf_strerror") && find(functions.close, "sf_close"))
    return functions;
  const char* reason = ::dlerror();
  return unsupported(cat("recordings of sound are decoded by libsndfile, which cannot be loaded (",
                         reason ? reason : "no reason given",
                         "); install it: apt-get install libsndfile1"));
}

/// The library, loaded the first time and kept: it brings seven codecs, which a program that
/// decodes nothing would load at every start.
Result<const SndfileLibrary*> load_sndfile() {
  static const Result<SndfileLibrary> loaded = open_sndfile();
  if (!loaded) return tl::unexpected(loaded.error());
  return &*loaded;
}

/// libsndfile's "file" is memory.
struct Memory {
  const PrivateVector<std::byte>* bytes;
  sf_count_t position = 0;
};

sf_count_t length(void* user) {
  return static_cast<sf_count_t>(static_cast<Memory*>(user)->bytes->size());
}

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto* memory = static_cast<Memory*>(user);
  const sf_count_t from = whence == SEEK_SET   ? 0
                          : whence == SEEK_CUR ? memory->position
                                               : length(user);
  memory->position = std::clamp<sf_count_t>(from + offset, 0, length(user));
  return memory->position;
}

sf_count_t read(void* out, sf_count_t count, void* user) {
  auto* memory = static_cast<Memory*>(user);
  const sf_count_t n = std::clamp<sf_count_t>(count, 0, length(user) - memory->position);
  std::memcpy(out, memory->bytes->data() + memory->position, static_cast<std::size_t>(n));
  memory->position += n;
  return n;
}

sf_count_t write(const void*, sf_count_t, void*) { return 0; }
sf_count_t tell(void* user) { return static_cast<Memory*>(user)->position; }

struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd > 0) ::close(fd);
  }
};

tl::unexpected<Error> cannot_read(const std::string& path) {
  return fail(ErrorCode::kIo, cat("cannot read '", path, "': ", std::strerror(errno)));
}

/// Reads to the end, or one chunk beyond `max_bytes`.
Result<void> read_all(int fd, std::int64_t max_bytes, EncodedAudio& audio) {
  std::size_t filled = 0;
  while (static_cast<std::int64_t>(filled) <= max_bytes) {
    audio.bytes.resize(filled + kReadChunk);
    const ssize_t n = ::read(fd, audio.bytes.data() + filled, kReadChunk);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return cannot_read(audio.path);
    filled += static_cast<std::size_t>(n);
    if (n == 0) break;
  }
  audio.bytes.resize(filled);
  return {};
}

Result<void> check_format(const SF_INFO& info, const std::string& path, int sample_rate_hz) {
  const int kind = info.format & SF_FORMAT_TYPEMASK;
  const bool ogg_but_not_opus =
      kind == SF_FORMAT_OGG && (info.format & SF_FORMAT_SUBMASK) != SF_FORMAT_OPUS;
  if (ogg_but_not_opus)
    return bad_input(cat("'", path, "' is Ogg, but not Opus; convert it: ffmpeg -i '", path,
                         "' -ar 16000 -ac 1 OUT.wav"));
  if (info.samplerate != sample_rate_hz || info.channels != 1)
    return bad_input(cat("'", path, "' has ", info.channels, " channel",
                         info.channels == 1 ? "" : "s", " at ", info.samplerate,
                         " Hz, expected 1 at ", sample_rate_hz, " Hz; convert it: ffmpeg -i '",
                         path, "' -ar ", sample_rate_hz, " -ac 1 OUT.wav"));
  if (info.frames <= 0) return bad_input(cat("'", path, "' has no samples"));
  return {};
}

}  // namespace

struct AudioReader::State {
  EncodedAudio encoded;
  Memory memory{&encoded.bytes};
  SF_INFO info{};
  const SndfileLibrary& library;
  SNDFILE* file = nullptr;
  std::int64_t position = 0;

  State(EncodedAudio audio, const SndfileLibrary& functions)
      : encoded(std::move(audio)), library(functions) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (file) library.close(file);
  }
};

Result<EncodedAudio> read_encoded(const std::string& path, std::int64_t max_bytes) {
  MOTE_TRY(load_sndfile());
  const Descriptor file{path == "-" ? 0 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) return cannot_read(path);
  struct stat info;
  if (::fstat(file.fd, &info) != 0) return cannot_read(path);
  if (S_ISDIR(info.st_mode))
    return bad_input(cat("'", path, "' is a folder, expected a recording"));
  EncodedAudio audio{.path = path, .bytes = {}};
  if (S_ISREG(info.st_mode))
    audio.bytes.reserve(static_cast<std::size_t>(std::min<std::int64_t>(info.st_size, max_bytes)) +
                        2 * kReadChunk);
  MOTE_TRY(read_all(file.fd, max_bytes, audio));
  if (audio.bytes.empty())
    return bad_input(cat("'", path, "' is empty, expected a WAV, FLAC or Ogg Opus recording"));
  if (static_cast<std::int64_t>(audio.bytes.size()) > max_bytes)
    return bad_input(cat("'", path, "' is larger than ", max_bytes,
                         " B, the most that mote takes as one recording; split it"));
  return audio;
}

AudioReader::AudioReader(std::unique_ptr<State> state) : state_(std::move(state)) {}
AudioReader::~AudioReader() = default;
AudioReader::AudioReader(AudioReader&&) noexcept = default;
AudioReader& AudioReader::operator=(AudioReader&&) noexcept = default;

Result<AudioReader> AudioReader::open(EncodedAudio encoded, int sample_rate_hz) {
  MOTE_TRY(check_container(encoded.bytes, encoded.path));
  const auto library = load_sndfile();
  MOTE_TRY(library);
  auto state = std::make_unique<State>(std::move(encoded), **library);
  SF_VIRTUAL_IO io = {
      .get_filelen = length, .seek = seek, .read = read, .write = write, .tell = tell};
  state->file = state->library.open_virtual(&io, SFM_READ, &state->info, &state->memory);
  const std::string& path = state->encoded.path;
  if (!state->file)
    return bad_input(cat("'", path,
                         "' is damaged or of a kind that mote does not read (libsndfile: ",
                         state->library.strerror(nullptr), ")"));
  MOTE_TRY(check_format(state->info, path, sample_rate_hz));
  return AudioReader(std::move(state));
}

std::int64_t AudioReader::position() const { return state_->position; }

const std::string& AudioReader::path() const { return state_->encoded.path; }

Result<int> AudioReader::next(std::span<float> samples) {
  const auto n = state_->library.readf_float(state_->file, samples.data(),
                                             static_cast<sf_count_t>(samples.size()));
  if (n <= 0) {
    // FLAC from a pipe does not know its length.
    const bool knows = state_->info.frames < SF_COUNT_MAX;
    if (state_->library.error(state_->file) != 0 ||
        (knows && state_->position < state_->info.frames))
      return bad_input(cat("'", state_->encoded.path, "' was cut or is damaged: it ends after ",
                           state_->position, " of ", state_->info.frames,
                           " samples; copy or record it again"));
    return 0;
  }
  MOTE_TRY(check_block(samples.first(static_cast<std::size_t>(n))));
  state_->position += n;
  return static_cast<int>(n);
}

Result<void> AudioReader::check_block(std::span<const float> samples) const {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (std::abs(samples[i]) <= kLargestSample) continue;  // false for NaN
    const std::int64_t index = state_->position + static_cast<std::int64_t>(i);
    return bad_input(cat("'", state_->encoded.path, "' is damaged: sample ", index, " is ",
                         samples[i],
                         ", expected a number in [-1, 1]; record it again or convert it "
                         "to 16-bit"));
  }
  return {};
}

}  // namespace mote::sources
