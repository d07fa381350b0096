#include <algorithm>
#include <cctype>
#include <string>

#include "mote/host/power/energy.h"
#include "mote/support/cat.h"

namespace mote::power {
namespace {

// Usable: peaks of 30 mA instead of 15 take 9 % of a coin cell (TI SWRA349), hence at most 0.91;
// the lower end also allows for cold and for parts that stop above 2 V, and is an assumption.
constexpr Range kCoin = {0.75, 0.91}, kCylinder = {0.80, 0.95};

constexpr Cell kCells[] = {
    {"CR2032",
     3.0,
     225,
     kCoin,
     {1, 1.5},
     6.8,
     "Panasonic's 225 mAh at 0.2 mA, as others quote it; self-discharge: Rayovac, questions and "
     "answers; 6.8 mA for 2 s: Energizer, quoted by Embedded Computing Design",
     'B'},
    {"CR2450", 3.0, 620, kCoin, {1, 1.5}, 15, "from memory of vendors' data sheets: verify", 'C'},
    {"CR2477",
     3.0,
     1000,
     kCoin,
     {1, 1.5},
     15,
     "1000 mAh: Sentrax TOW-1 data sheet; the rest from memory: verify",
     'B'},
    {"CR123A",
     3.0,
     1500,
     kCylinder,
     {1, 1.5},
     0,
     "from memory of vendors' data sheets: verify",
     'C'},
    {"2xAA-alkaline",
     3.0,
     2500,
     kCylinder,
     {2, 3},
     0,
     "from memory of vendors' data sheets: verify",
     'C'},
    {"2xAA-lithium",
     3.0,
     3000,
     kCylinder,
     {1, 1.5},
     0,
     "Li-FeS2: Linden's Handbook of Batteries, figure 14.74",
     'B'},
    {"LiSOCl2-AA",
     3.6,
     2600,
     kCylinder,
     {1, 1},
     0,
     "LS14500, from memory: verify; peaks need a capacitor, since such cells passivate",
     'C'},
};

bool same(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

std::span<const Cell> all_cells() { return kCells; }

Result<const Cell*> find_cell(std::string_view name) {
  std::string names;
  for (const Cell& cell : kCells) {
    if (same(cell.name, name)) return &cell;
    names += cat(names.empty() ? "" : ", ", cell.name);
  }
  return fail(ErrorCode::kUsage, cat("mote knows no cell '", name, "'; it knows ", names));
}

}  // namespace mote::power
