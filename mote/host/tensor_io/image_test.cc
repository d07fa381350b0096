#include "mote/host/tensor_io/image.h"

#include <gtest/gtest.h>
#include <png.h>

#include <functional>

namespace mote::tensor_io {
namespace {

using Bytes = std::vector<std::byte>;

Bytes bytes(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

/// A .png file as libpng's simple interface writes it.
Bytes png(int width, int height, std::uint32_t format, const std::vector<std::uint8_t>& pixels) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width), image.height = static_cast<png_uint_32>(height);
  image.format = format;
  png_alloc_size_t size = 0;
  png_image_write_to_memory(&image, nullptr, &size, 0, pixels.data(), 0, nullptr);
  Bytes file(size);
  png_image_write_to_memory(&image, file.data(), &size, 0, pixels.data(), 0, nullptr);
  return file;
}

TEST(Png, ReadsGreyAndColour) {
  const auto colour = read_png(png(2, 1, PNG_FORMAT_RGB, {1, 2, 3, 4, 5, 6}), "x");
  ASSERT_TRUE(colour) << colour.error().message;
  EXPECT_EQ(colour->channels, 3);
  EXPECT_EQ(colour->pixels, (std::vector<std::uint8_t>{1, 2, 3, 4, 5, 6}));
  const auto grey = read_png(png(1, 2, PNG_FORMAT_GRAY, {7, 200}), "x");
  ASSERT_TRUE(grey) << grey.error().message;
  EXPECT_EQ(grey->channels, 1);
  EXPECT_EQ(grey->height, 2);
  EXPECT_EQ(grey->pixels, (std::vector<std::uint8_t>{7, 200}));
}

TEST(Png, RefusesTransparency) {
  const auto image = read_png(png(1, 1, PNG_FORMAT_RGBA, {1, 2, 3, 4}), "x.png");
  ASSERT_FALSE(image);
  EXPECT_EQ(image.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(image.error().message,
            "x.png is transparent in places, expected 8 bits a sample, opaque; convert it first");
}

/// Gives `read` every prefix of a file and every change of one byte to 0, 127 and 255: it must not
/// crash, and pictures that it does return must be whole.
void damage(const Bytes& good, const std::function<Result<Image>(const Bytes&)>& read) {
  for (std::size_t i = 0; i < good.size(); ++i) {
    const Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(i));
    if (const auto image = read(cut)) ADD_FAILURE() << "took a file cut after " << i << " B";
    for (int value : {0, 127, 255}) {
      Bytes changed = good;
      changed[i] = static_cast<std::byte>(value);
      const auto image = read(changed);
      if (image) {
        EXPECT_EQ(image->pixels.size(), std::size_t(image->width) * std::size_t(image->height) *
                                            std::size_t(image->channels));
      }
    }
  }
}

TEST(Png, SurvivesDamage) {
  damage(png(3, 2, PNG_FORMAT_RGB, std::vector<std::uint8_t>(18, 77)),
         [](const Bytes& file) { return read_png(file, "x"); });
}

TEST(Pnm, ReadsCommentsAndSurvivesDamage) {
  const Bytes good = bytes("P6 # made by hand\n2 1\n255\nabcdef");
  const auto image = read_pnm(good, "x");
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->width, 2);
  damage(good, [](const Bytes& file) { return read_pnm(file, "x"); });
}

TEST(Bmp, SurvivesDamage) {
  std::string file = "BM" + std::string(52, '\0') + "abcdef\0\0ghijkl\0\0";
  const auto put = [&](std::size_t at, int value) { file[at] = static_cast<char>(value); };
  put(10, 54), put(14, 40), put(18, 2), put(22, 2), put(26, 1), put(28, 24);
  file.resize(54 + 16);
  const auto image = read_bmp(bytes(file), "x");
  ASSERT_TRUE(image) << image.error().message;
  EXPECT_EQ(image->pixels.size(), 12u);
  damage(bytes(file), [](const Bytes& changed) { return read_bmp(changed, "x"); });
}

TEST(Resize, AveragesNeighboursAndRepeatsEdges) {
  const Image two{.width = 2, .height = 1, .channels = 1, .pixels = {0, 100}};
  EXPECT_EQ(resize(two, 4, 1).pixels, (std::vector<std::uint8_t>{0, 25, 75, 100}));
  EXPECT_EQ(resize(two, 1, 1).pixels, (std::vector<std::uint8_t>{50}));
  EXPECT_EQ(resize(two, 2, 1).pixels, two.pixels);
}

TEST(Channels, GoFromColourToGreyAndBack) {
  const Image grey{.width = 1, .height = 1, .channels = 1, .pixels = {9}};
  EXPECT_EQ(with_channels(grey, 3).pixels, (std::vector<std::uint8_t>{9, 9, 9}));
  const Image red{.width = 1, .height = 1, .channels = 3, .pixels = {255, 0, 0}};
  EXPECT_EQ(with_channels(red, 1).pixels, (std::vector<std::uint8_t>{76}));
}

}  // namespace
}  // namespace mote::tensor_io
