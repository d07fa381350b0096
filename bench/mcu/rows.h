#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mote/support/json.h"
#include "mote/support/result.h"

/// What networks take on boards, as script/board prints it.
namespace mote::bench {

struct Row {
  std::string model, board;
  std::string missing;  ///< why there are no figures; empty: there are
  std::int64_t instructions = 0, weighted = 0;
  std::int64_t flash_bytes = 0;  ///< code and tables, besides the network's constants
  std::int64_t const_bytes = 0, ram_bytes = 0, stack_bytes = 0;
};

/// What was counted, and with which compilers: other versions make other code.
struct Counts {
  std::vector<std::string> compilers;
  std::vector<Row> rows;
};

/// Reads lines of words "key=value": a row each, which need `model` and `board`, and may end with
/// "missing=SENTENCE"; or "compiler=SENTENCE".
///
/// @returns kBadInput for a line without one of these, or with a number that is none.
Result<Counts> parse_counts(std::string_view text);

Json to_json(const Counts& counts, const std::string& command);
/// Reads what to_json() has written.
Result<Counts> from_json(const Json& json);

/// A sentence for each figure of `measured` that differs from the one recorded for that model and
/// board.
struct Differences {
  std::vector<std::string>
      grown;  ///< instructions, flash or RAM by more than 2 %, or no figures any more
  std::vector<std::string> changed;  ///< otherwise
};
Differences compare(const Counts& recorded, const Counts& measured);

}  // namespace mote::bench
