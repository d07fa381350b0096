#pragma once

#include <cstddef>
#include <cstdint>
#include <ostream>
#include <span>
#include <string>
#include <vector>

#include "cli/command.h"
#include "mote/mote.h"
#include "mote/support/json.h"
#include "mote/support/result.h"

/// How `mote run` shows what runs give.
namespace mote::cli {

/// What the flags ask for, checked.
struct ResultsForm {
  std::int64_t top = 0;             ///< elements of each output; 0: all
  std::vector<std::string> labels;  ///< of the first output's elements; empty: none
  std::string output;               ///< a file for the bytes, "-" for standard output; empty: none
  bool json = false;
};

/// Reads --top-k, --labels, --output and --json.
/// @returns kUsage for what they exclude, kBadInput where labels are not as many as classes.
Result<ResultsForm> results_form_from(const Args& args, const Program& program);

/// Collects what the runs give, in the form that was asked for.
class Results {
 public:
  /// Keeps all three; `runs` is how many there will be.
  Results(const ResultsForm& form, const Program& program, std::ostream& out, int runs)
      : form_(form), program_(program), out_(out), runs_(runs) {}

  /// The outputs of the next run; `input` names what it ran on.
  void add(std::span<const Port> outputs, const std::string& input);
  /// To be called after the last. `more` goes into the JSON, behind the model's name.
  Result<void> finish(Json::Object more);

 private:
  const ResultsForm& form_;
  const Program& program_;
  std::ostream& out_;
  int runs_, run_ = 0;
  std::vector<std::byte> bytes_;
  Json::Array runs_json_;
};

}  // namespace mote::cli
