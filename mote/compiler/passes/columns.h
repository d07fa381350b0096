#pragma once

#include <optional>
#include <span>
#include <vector>

#include "mote/compiler/graph/graph.h"
#include "mote/support/result.h"

/// How the tensors of a network move along while its window slides over a stream.
///
/// A tensor that has the stream's axis is a row of columns. Where the window moves on, most columns
/// only change their place: column j is what column j + shift was. Those that have seen a border
/// (padding) are others in each window: `left` of them at the beginning, `right` at the end.
namespace mote::passes {

struct Columns {
  int axis = -1;            ///< -1: no column can be kept, or a constant
  int count = 0;            ///< in a window
  int left = 0, right = 0;  ///< that have seen a border
  int shift = 0;            ///< how far the window moves in one run

  bool is_streamed() const { return axis >= 0; }
  /// The first column that a run computes anew, behind those that it keeps.
  int fresh() const { return count - right - shift; }
};

/// Columns [begin, end).
struct Range {
  int begin = 0, end = 0;
  bool operator==(const Range&) const = default;
};

/// Which columns of its inputs an operator needs for columns of its output: column j sees the
/// columns from j * stride - before on, `reach` of them.
struct Rule {
  enum class Kind {
    kPlain,    ///< runs on any number of columns as it is
    kWindow,   ///< has to be told which part of its border it sees
    kCrop,     ///< SLICE and STRIDED_SLICE
    kPad,      ///< PAD and PADV2
    kReshape,  ///< RESHAPE, SQUEEZE, EXPAND_DIMS
  };
  Kind kind = Kind::kPlain;
  int axis = -1;  ///< of the output; -1: it has none, being one column without the dimension
  int count = 1;  ///< columns of the output
  int stride = 1, reach = 1, before = 0;
  int spread = 1;  ///< columns of the output that one of the input becomes

  /// The input's columns, of `in_count`, that these columns of the output see.
  Range seen_by(Range outputs, int in_count) const;
  /// How much of the border on either side of seen_by() they see.
  Range border_of(Range outputs, int in_count) const;
};

/// The rule of the node, whose inputs have these columns (by tensor).
///
/// @returns kUnsupported where its columns are not made of a few columns each, with the reason, a
/// sentence without its beginning: "takes all columns together".
Result<Rule> rule_of(const graph::Graph& graph, const graph::Node& node,
                     std::span<const Columns> columns);

/// The columns of the output of an operator with that rule.
///
/// @returns columns that are not streamed where nothing of the output can be kept; nothing where
/// the input moves by a part of the operator's stride.
std::optional<Columns> pass_on(const Columns& input, const Rule& rule);

/// First elements of a SLICE, or of a STRIDED_SLICE that leaves out nothing in between.
/// @returns nothing for others.
std::optional<std::vector<int>> begins_of(const graph::Graph& graph, const graph::Node& node);

}  // namespace mote::passes
