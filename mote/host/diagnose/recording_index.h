#pragma once

#include <map>
#include <string>
#include <vector>

#include "mote/host/sources/recording.h"
#include "mote/support/result.h"

namespace mote::diagnose {

/// What a list of recordings says about them: a CSV with the columns path and, where known,
/// segment_frames, scale_to_unit, g_per_unit and channels (axis names with ';' between).
class RecordingIndex {
 public:
  struct Row {
    std::map<std::string, std::string> cells;  ///< by column
    const std::string& path() const { return cells.at("path"); }
    std::string text(const std::string& column) const;
    /// The number in `column`, `fallback` where it is empty. @returns kBadInput when it is none.
    Result<double> number(const std::string& column, double fallback) const;
    /// G's, or else units, per count: scale_to_unit * g_per_unit.
    Result<double> scale() const;
    std::vector<std::string> axes() const;
  };

  /// @returns kBadInput for a table without the column path or with rows of uneven length.
  static Result<RecordingIndex> parse(const std::string& name, std::span<const std::byte> bytes);

  const std::vector<Row>& rows() const { return rows_; }
  /// The row whose path is the end of `path`. @returns kBadInput when there is none.
  Result<Row> find(const std::string& path) const;

 private:
  std::string name_;
  std::vector<Row> rows_;
};

}  // namespace mote::diagnose
