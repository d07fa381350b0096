#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "mote/support/result.h"

namespace mote::tensor_io {

/// A picture of 8 bits a sample, rows from the top, channels together (HWC).
struct Image {
  int width = 0, height = 0;
  int channels = 3;  ///< 1: grey, 3: red, green, blue
  std::vector<std::uint8_t> pixels;
};

/// The largest picture that is read: 64 million pixels.
inline constexpr std::int64_t kMostPixels = std::int64_t{1} << 26;

/// Each reads one format; `source` names the file in messages.
///
///   BMP   uncompressed, 8 bits with a palette, 24 or 32 bits (whose last byte is ignored)
///   PNG   grey, colour or palette of up to 8 bits a sample, without transparency; gamma is ignored
///   PNM   .pgm and .ppm, binary (P5, P6), largest value 255
///
/// @returns the picture, or
/// - kBadInput: the file is damaged or cut, or larger than kMostPixels;
/// - kUnsupported: another form of the format.
Result<Image> read_bmp(std::span<const std::byte> file, const std::string& source);
Result<Image> read_png(std::span<const std::byte> file, const std::string& source);
Result<Image> read_pnm(std::span<const std::byte> file, const std::string& source);

/// Scales by bilinear interpolation between pixel centres (half-pixel centres, edges repeated),
/// rounded to nearest. No smoothing first: shrinking to less than half drops detail.
Image resize(const Image& image, int width, int height);
/// To grey by 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601), or grey to three equal channels.
Image with_channels(const Image& image, int channels);

}  // namespace mote::tensor_io
