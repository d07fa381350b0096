// LSTM and GRU with vectors, against scalar: integers byte for byte.

#include <gtest/gtest.h>

#include "tests/support/against_scalar.h"

namespace mote::dispatch {
namespace {

using namespace program;
using tests::expect_near;
using tests::expect_same;
using tests::Operands;

LstmAttrs random_lstm(Operands& random, int shift) {
  LstmAttrs attrs{.time_major = random.pick(0, 1),
                  .forget_multiplier = random.pick(1 << 30, 2147483647),
                  .forget_shift = -14,
                  .update_multiplier = random.pick(1 << 30, 2147483647),
                  .update_shift = -random.pick(14, 18),
                  .output_multiplier = random.pick(1 << 30, 2147483647),
                  .output_shift = -random.pick(14, 22),
                  .output_offset = random.pick(-128, 127),
                  .cell_clip = random.pick(0, 1) * random.pick(1, 32767),
                  .tanh_multiplier = 3 * random.pick(1, 16),
                  .tanh_shift = random.pick(0, 5)};
  for (int gate = 0; gate < 4; ++gate) {
    attrs.input_multiplier[gate] = random.pick(1 << 30, 2147483647);
    attrs.recurrent_multiplier[gate] = random.pick(1 << 30, 2147483647);
    attrs.input_shift[gate] = shift - random.pick(0, 8);
    attrs.recurrent_shift[gate] = shift - random.pick(0, 8);
  }
  return attrs;
}

/// The operands of an LSTM after `in`: weights, biases, table, states, output.
template <class T, class Bias>
void add_lstm(Operands& o, int features, int units, int batches) {
  o.integers<T>(Extents(batches, 2, features));
  o.integers<std::int8_t>(Extents(4, units, features));
  o.integers<std::int8_t>(Extents(4, units, units));
  o.between<Bias>(Extents(4, units), -100000, 100000);
  o.between<Bias>(Extents(4, units), -100000, 100000);
  o.between<std::int16_t>(Extents(256), -32768, 32767);
  o.integers<T>(Extents(batches, units)).template integers<std::int16_t>(Extents(batches, units));
  o.between<T>(Extents(batches, 2, units), 0, 0);
}

TEST(RecurrentKernels, GiveTheSameLstm) {
  for (int features = 1; features <= 257; ++features) {
    Operands narrow(static_cast<unsigned>(features)), wide(static_cast<unsigned>(features));
    LstmAttrs attrs = random_lstm(narrow, 4);
    attrs.time_major = 0;
    add_lstm<std::int8_t, std::int32_t>(narrow, features, 1 + features % 37, 2);
    expect_same("lstm_s8", attrs, narrow);
    attrs = random_lstm(wide, -7);
    attrs.time_major = 0;
    add_lstm<std::int16_t, std::int64_t>(wide, features, 1 + features % 37, 2);
    expect_same("lstm_s16", attrs, wide);
  }
}

TEST(RecurrentKernels, GiveTheSameLstmOfFloats) {
  for (int features = 1; features <= 67; ++features) {
    Operands o(static_cast<unsigned>(features));
    const int units = 1 + features % 37;
    o.floats(Extents(2, 3, features)).floats(Extents(4, units, features));
    o.floats(Extents(4, units, units)).floats(Extents(4, units));
    o.floats(Extents(2, units)).floats(Extents(2, units)).floats(Extents(2, 3, units));
    expect_near("lstm_f32", LstmFloatAttrs{.cell_clip = 0.5f}, o);
  }
}

GruAttrs random_gru(Operands& random, int shift) {
  GruAttrs attrs{.linear_before_reset = random.pick(0, 1),
                 .output_multiplier = random.pick(1 << 30, 2147483647),
                 .output_shift = -random.pick(6, 9),
                 .output_offset = random.pick(-128, 127)};
  for (int gate = 0; gate < 3; ++gate) {
    attrs.input_multiplier[gate] = random.pick(1 << 30, 2147483647);
    attrs.recurrent_multiplier[gate] = random.pick(1 << 30, 2147483647);
    attrs.input_shift[gate] = shift - random.pick(0, 8);
    attrs.recurrent_shift[gate] = -7 - random.pick(0, 8);
  }
  return attrs;
}

/// The operands of a GRU: input, weights, biases, table, state, working memory, output.
template <class T, class Bias>
void add_gru(Operands& o, int features, int units, int batches) {
  o.integers<T>(Extents(batches, 2, features));
  o.integers<std::int8_t>(Extents(3, units, features));
  o.integers<std::int8_t>(Extents(3, units, units));
  o.between<Bias>(Extents(3, units), -100000, 100000);
  o.between<std::int64_t>(Extents(3, units), -100000, 100000);
  o.between<std::int16_t>(Extents(256), -32768, 32767);
  o.integers<std::int16_t>(Extents(batches, units));
  o.between<std::int16_t>(Extents(2, units), 0, 0);
  o.between<T>(Extents(batches, 2, units), 0, 0);
}

TEST(RecurrentKernels, GiveTheSameGru) {
  with_gru();
  for (int features = 1; features <= 257; ++features) {
    Operands narrow(static_cast<unsigned>(features)), wide(static_cast<unsigned>(features));
    const GruAttrs narrow_attrs = random_gru(narrow, 4);
    add_gru<std::int8_t, std::int32_t>(narrow, features, 1 + features % 37, 2);
    expect_same("gru_s8", narrow_attrs, narrow);
    const GruAttrs wide_attrs = random_gru(wide, -7);
    add_gru<std::int16_t, std::int64_t>(wide, features, 1 + features % 37, 2);
    expect_same("gru_s16", wide_attrs, wide);
  }
}

TEST(RecurrentKernels, GiveTheSameGruOfFloats) {
  with_gru();
  for (int features = 1; features <= 67; ++features) {
    Operands o(static_cast<unsigned>(features));
    const int units = 1 + features % 37;
    o.floats(Extents(2, 3, features)).floats(Extents(3, units, features));
    o.floats(Extents(3, units, units)).floats(Extents(3, units)).floats(Extents(3, units));
    o.floats(Extents(2, units)).floats(Extents(2, units)).floats(Extents(2, 3, units));
    expect_near("gru_f32", GruFloatAttrs{.linear_before_reset = features % 2}, o);
  }
}

TEST(RecurrentKernels, AreThereForGru) {
  with_gru();
  for (const KernelTable* table : available_tables())
    EXPECT_TRUE(!table->more || table->find("gru_f32") == table->more->find("gru_f32"));
#ifdef __x86_64__
  ASSERT_TRUE(kAvx2Table.more);
#endif
  ASSERT_TRUE(kScalarTable.more);
}

}  // namespace
}  // namespace mote::dispatch
