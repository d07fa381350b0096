#include "mote/compiler/ops/logistic_table.h"

#include <cmath>

namespace mote::ops {

std::vector<std::int16_t> logistic_table() {
  const auto f = [](double i) { return 65536 / (1 + std::exp(-i / 24)); };
  std::vector<std::int16_t> table(256);
  for (int i = 0; i < 256; ++i) {
    const double loss = (f(i) - (f(i - 1) + f(i + 1)) / 2) / 8;
    table[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(std::round(f(i) + loss) - 32768);
  }
  table[255] = 32767;
  return table;
}

}  // namespace mote::ops
