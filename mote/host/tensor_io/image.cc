#include "mote/host/tensor_io/image.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <string_view>

#include "mote/support/cat.h"

namespace mote::tensor_io {
namespace {

Result<void> check_size(std::int64_t width, std::int64_t height, const std::string& source) {
  if (width >= 1 && height >= 1 && width <= kMostPixels && height <= kMostPixels &&
      width * height <= kMostPixels)
    return {};
  return bad_input(cat(source, " claims to be ", width, "x", height, " pixels, expected 1 to ",
                       kMostPixels, " in all"));
}

/// Reads the whole numbers of a PNM header: blanks and comments between them.
class PnmHeader {
 public:
  explicit PnmHeader(std::string_view text) : rest_(text) {}
  int number() {
    for (;;) {
      while (!rest_.empty() && is_blank(rest_[0])) rest_.remove_prefix(1);
      if (rest_.empty() || rest_[0] != '#') break;
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    }
    int value = -1;
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return error == std::errc() ? value : -1;
  }
  /// What follows the one blank after the last number.
  std::string_view data() const { return rest_.empty() ? rest_ : rest_.substr(1); }

 private:
  static bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
  std::string_view rest_;
};

}  // namespace

Result<Image> read_pnm(std::span<const std::byte> file, const std::string& source) {
  const std::string_view text(reinterpret_cast<const char*>(file.data()), file.size());
  const bool grey = text.starts_with("P5");
  if (!grey && !text.starts_with("P6"))
    return unsupported(cat(source, " is no binary .pgm or .ppm file (P5 or P6)"));
  PnmHeader header(text.substr(2));
  const int width = header.number(), height = header.number(), largest = header.number();
  MOTE_TRY(check_size(width, height, source));
  if (largest != 255)
    return unsupported(cat(source, " has samples up to ", largest, ", expected 255"));
  Image image{width, height, grey ? 1 : 3, {}};
  const std::size_t size = std::size_t(width) * std::size_t(height) * std::size_t(image.channels);
  const std::string_view data = header.data();
  if (data.size() < size)
    return bad_input(cat(source, " ends early: ", data.size(), " B of pixels, expected ", size));
  image.pixels.assign(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
  return image;
}

namespace {

/// Little-endian fields of a BMP header, whose presence has been checked.
std::uint32_t field(std::span<const std::byte> file, std::size_t at, int size) {
  std::uint32_t value = 0;
  for (int i = 0; i < size; ++i)
    value |= std::to_integer<std::uint32_t>(file[at + std::size_t(i)]) << (8 * i);
  return value;
}

/// What a BMP header says (Windows SDK, BITMAPINFOHEADER), checked against the file's size.
struct BmpLayout {
  int width = 0, height = 0, bits = 0;
  bool top_down = false;
  std::int64_t pixels_at = 0, palette_at = 0, palette_size = 0, row_bytes = 0;
};

Result<BmpLayout> read_layout(std::span<const std::byte> file, const std::string& source) {
  if (file.size() < 54 || field(file, 0, 2) != 0x4d42)
    return bad_input(cat(source, " is not a .bmp file, or ends within its header"));
  const std::int64_t header_size = field(file, 14, 4);
  const auto height = static_cast<std::int32_t>(field(file, 22, 4));
  const auto width = static_cast<std::int32_t>(field(file, 18, 4));
  MOTE_TRY(check_size(width, std::abs(std::int64_t{height}), source));
  BmpLayout layout{.width = width,
                   .height = std::abs(height),
                   .bits = static_cast<int>(field(file, 28, 2)),
                   .top_down = height < 0,
                   .pixels_at = field(file, 10, 4),
                   .palette_at = 14 + header_size,
                   .palette_size = field(file, 46, 4)};
  if (header_size < 40 || field(file, 30, 4) != 0 ||
      (layout.bits != 8 && layout.bits != 24 && layout.bits != 32))
    return unsupported(cat(source, " is a .bmp file of ", layout.bits, " bits, compression ",
                           field(file, 30, 4), "; expected 8, 24 or 32 bits, uncompressed"));
  if (layout.bits == 8 && layout.palette_size == 0) layout.palette_size = 256;
  if (layout.bits != 8) layout.palette_size = 0;
  layout.row_bytes = (std::int64_t{width} * layout.bits / 8 + 3) / 4 * 4;
  const auto size = static_cast<std::int64_t>(file.size());
  if (layout.palette_size > 256 || layout.palette_at + 4 * layout.palette_size > size)
    return bad_input(cat(source, " has a damaged palette"));
  const std::int64_t end = layout.pixels_at + layout.row_bytes * layout.height;
  if (layout.pixels_at < 54 || end > size)
    return bad_input(cat(source, " ends early: ", size, " B, its header says ", end, " B"));
  return layout;
}

}  // namespace

Result<Image> read_bmp(std::span<const std::byte> file, const std::string& source) {
  const auto layout = read_layout(file, source);
  if (!layout) return tl::unexpected(layout.error());
  Image image{layout->width, layout->height, 3, {}};
  image.pixels.reserve(std::size_t(image.width) * std::size_t(image.height) * 3);
  const int step = layout->bits / 8;
  for (int y = 0; y < image.height; ++y) {
    const std::int64_t line = layout->top_down ? y : image.height - 1 - y;
    const auto row = file.subspan(std::size_t(layout->pixels_at + line * layout->row_bytes),
                                  std::size_t(layout->row_bytes));
    for (int x = 0; x < image.width; ++x) {
      auto blue_green_red = row.subspan(std::size_t(x * step));
      if (step == 1) {
        const auto entry = std::to_integer<std::int64_t>(blue_green_red[0]);
        if (entry >= layout->palette_size)
          return bad_input(cat(source, " uses colour ", entry, " of ", layout->palette_size));
        blue_green_red = file.subspan(std::size_t(layout->palette_at + 4 * entry));
      }
      for (std::size_t c : {2, 1, 0})
        image.pixels.push_back(std::to_integer<std::uint8_t>(blue_green_red[c]));
    }
  }
  return image;
}

Image resize(const Image& image, int width, int height) {
  Image out{width, height, image.channels, {}};
  out.pixels.reserve(std::size_t(width) * std::size_t(height) * std::size_t(image.channels));
  struct Tap {
    int low, high;
    double weight;  // of `high`
  };
  const auto tap = [](int i, int count, int from) -> Tap {
    const double at = std::clamp((i + 0.5) * from / count - 0.5, 0.0, double(from - 1));
    const int low = static_cast<int>(at);
    return {low, std::min(low + 1, from - 1), at - low};
  };
  const auto pixel = [&](int y, int x, int c) {
    return double(image.pixels[(std::size_t(y) * std::size_t(image.width) + std::size_t(x)) *
                                   std::size_t(image.channels) +
                               std::size_t(c)]);
  };
  for (int y = 0; y < height; ++y) {
    const Tap v = tap(y, height, image.height);
    for (int x = 0; x < width; ++x) {
      const Tap h = tap(x, width, image.width);
      for (int c = 0; c < image.channels; ++c) {
        const double top = std::lerp(pixel(v.low, h.low, c), pixel(v.low, h.high, c), h.weight);
        const double end = std::lerp(pixel(v.high, h.low, c), pixel(v.high, h.high, c), h.weight);
        out.pixels.push_back(static_cast<std::uint8_t>(std::lround(std::lerp(top, end, v.weight))));
      }
    }
  }
  return out;
}

Image with_channels(const Image& image, int channels) {
  if (channels == image.channels) return image;
  Image out{image.width, image.height, channels, {}};
  const std::size_t count = std::size_t(image.width) * std::size_t(image.height);
  out.pixels.reserve(count * std::size_t(channels));
  for (std::size_t i = 0; i < count; ++i) {
    if (channels == 3) {
      out.pixels.insert(out.pixels.end(), 3, image.pixels[i]);
      continue;
    }
    const std::uint8_t* rgb = &image.pixels[3 * i];
    out.pixels.push_back(
        static_cast<std::uint8_t>(std::lround(0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2])));
  }
  return out;
}

}  // namespace mote::tensor_io
