#include "mote/host/tensor_io/npy.h"

#include <gtest/gtest.h>

namespace mote::tensor_io {
namespace {

const std::byte kData[] = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4},
                           std::byte{5}, std::byte{6}, std::byte{7}, std::byte{8}};

TEST(Npy, ReadsBackWhatItWrote) {
  const std::vector<std::vector<int>> shapes = {{}, {1}, {1, 1}, {1, 1, 1}};
  for (DType type : kDTypes)
    for (const auto& shape : shapes) {
      const auto data = std::span(kData).first(static_cast<std::size_t>(size_of(type)));
      const auto array = read_npy(write_npy(type, shape, data), "x");
      ASSERT_TRUE(array) << array.error().message;
      EXPECT_EQ(array->type, type);
      EXPECT_EQ(array->shape, shape);
      EXPECT_EQ(array->data, std::vector<std::byte>(data.begin(), data.end()));
    }
}

TEST(Npy, StartsItsDataAtAMultipleOf64) {
  for (int n = 1; n < 700000000; n *= 3)
    EXPECT_EQ(write_npy(DType::kInt8, std::vector<int>{n, n, n, n}, {}).size() % 64, 0u) << n;
}

std::vector<std::byte> bytes(const std::string& text) {
  const auto* begin = reinterpret_cast<const std::byte*>(text.data());
  return {begin, begin + text.size()};
}

TEST(Npy, ReadsTheLongHeadersOfVersions2And3) {
  const std::string header = "{'shape': (2,), 'descr': '|i1', 'fortran_order': False}";
  for (char version : {'\2', '\3'}) {
    std::string file = std::string("\x93NUMPY") + version + '\0';
    file += {static_cast<char>(header.size()), '\0', '\0', '\0'};
    const auto array = read_npy(bytes(file + header + "ab"), "x");
    ASSERT_TRUE(array) << array.error().message;
    EXPECT_EQ(array->shape, std::vector<int>{2});
  }
}

TEST(Npy, SurvivesAnyChangeOfOneByte) {
  const auto good = write_npy(DType::kInt16, std::vector<int>{2, 2}, kData);
  for (std::size_t i = 0; i < good.size(); ++i)
    for (int value : {0, 10, 39, 40, 44, 57, 127, 255}) {
      auto file = good;
      file[i] = static_cast<std::byte>(value);
      const auto array = read_npy(file, "x");
      if (array) {
        EXPECT_EQ(array->data.size(), 8u) << i;
      }
    }
}

}  // namespace
}  // namespace mote::tensor_io
