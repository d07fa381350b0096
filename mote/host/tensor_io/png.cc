#include <png.h>

#include <algorithm>
#include <csetjmp>
#include <cstring>

#include "mote/host/tensor_io/image.h"
#include "mote/support/cat.h"

namespace mote::tensor_io {
namespace {

/// A decoding under way. libpng reports errors by a jump back into decode(): all that a jump could
/// leave behind lives here, outside of it.
struct Decoding {
  std::span<const std::byte> rest;
  char complaint[128] = "";
  png_structp png = nullptr;
  png_infop info = nullptr;
  Image image;
  int bit_depth = 0, color_type = 0;
  bool transparent = false;
  std::vector<png_bytep> rows;

  ~Decoding() { png_destroy_read_struct(&png, &info, nullptr); }
};

[[noreturn]] void on_error(png_structp png, png_const_charp message) {
  auto& decoding = *static_cast<Decoding*>(png_get_error_ptr(png));
  std::strncpy(decoding.complaint, message, sizeof decoding.complaint - 1);
  std::longjmp(*png_set_longjmp_fn(png, std::longjmp, sizeof(std::jmp_buf)), 1);
}

void on_warning(png_structp, png_const_charp) {}

void on_read(png_structp png, png_bytep to, std::size_t count) {
  auto& decoding = *static_cast<Decoding*>(png_get_io_ptr(png));
  if (count > decoding.rest.size()) png_error(png, "the file ends early");
  std::memcpy(to, decoding.rest.data(), count);
  decoding.rest = decoding.rest.subspan(count);
}

/// Runs `step` so that libpng's errors end here. `step` must own nothing that needs a destructor.
template <class Step>
bool guarded(Decoding& decoding, Step step) {
  if (setjmp(*png_set_longjmp_fn(decoding.png, std::longjmp, sizeof(std::jmp_buf)))) return false;
  step(decoding);
  return true;
}

void read_header(Decoding& d) {
  png_set_read_fn(d.png, &d, on_read);
  png_set_user_limits(d.png, png_uint_32(kMostPixels), png_uint_32(kMostPixels));
  png_read_info(d.png, d.info);
  d.image.width = static_cast<int>(png_get_image_width(d.png, d.info));
  d.image.height = static_cast<int>(png_get_image_height(d.png, d.info));
  d.bit_depth = png_get_bit_depth(d.png, d.info);
  d.color_type = png_get_color_type(d.png, d.info);
  d.transparent =
      (d.color_type & PNG_COLOR_MASK_ALPHA) || png_get_valid(d.png, d.info, PNG_INFO_tRNS);
  png_set_expand(d.png);
  png_read_update_info(d.png, d.info);
  d.image.channels = png_get_channels(d.png, d.info);
}

Result<void> check_form(const Decoding& d, const std::string& source) {
  if (d.transparent || d.bit_depth > 8)
    return unsupported(cat(source,
                           d.transparent ? " is transparent in places" : " has 16 bits a sample",
                           ", expected 8 bits a sample, opaque; convert it first"));
  if (std::int64_t{d.image.width} * d.image.height > kMostPixels)
    return bad_input(cat(source, " is ", d.image.width, "x", d.image.height,
                         " pixels, expected at most ", kMostPixels, " in all"));
  return {};
}

}  // namespace

Result<Image> read_png(std::span<const std::byte> file, const std::string& source) {
  Decoding decoding{.rest = file};
  decoding.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &decoding, on_error, on_warning);
  if (decoding.png) decoding.info = png_create_info_struct(decoding.png);
  if (!decoding.info) return fail(ErrorCode::kOutOfMemory, "no memory to decode a picture");
  const auto damaged = [&] {
    return bad_input(cat(source, " is not a whole .png file: ", decoding.complaint));
  };
  if (!guarded(decoding, read_header)) return damaged();
  MOTE_TRY(check_form(decoding, source));
  Image& image = decoding.image;
  const std::size_t row = std::size_t(image.width) * std::size_t(image.channels);
  image.pixels.resize(row * std::size_t(image.height));
  for (int y = 0; y < image.height; ++y)
    decoding.rows.push_back(image.pixels.data() + row * std::size_t(y));
  const auto read_pixels = [](Decoding& d) {
    png_read_image(d.png, d.rows.data());
    png_read_end(d.png, nullptr);
  };
  if (!guarded(decoding, read_pixels)) return damaged();
  return std::move(image);
}

}  // namespace mote::tensor_io
