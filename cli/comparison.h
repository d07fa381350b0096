#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "cli/saved_tensors.h"
#include "cli/tensor_diff.h"
#include "mote/program/program.h"

/// What `mote diff` finds, and how it says it.
namespace mote::cli {

/// A tensor that is not the same on both sides.
struct Divergence {
  int id = 0;        ///< in Program::tensors
  std::string node;  ///< that computes it
  int run = 0;       ///< the first in which it differs
  TensorDiff diff;   ///< in that run
};

struct Comparison {
  int runs = 0, tensors = 0;            ///< compared
  std::string left, right;              ///< what was compared, for people
  std::vector<Divergence> divergences;  ///< in the order of the calls
};

/// For each tensor of `program` the same one of `other`, or -1: passes may have put another in its
/// place, which then has another shape. Equal for a program and itself.
std::vector<int> counterparts(const program::Program& program, const program::Program& other);

/// Compares what both sides know, in the order in which it is computed. `right` may be of another
/// program for the same model, whose tensors `counterparts` names. `tolerance` is diff_tensors()'s.
Comparison compare(const program::Program& program, const SavedTensors& left,
                   const SavedTensors& right, const std::vector<int>& counterparts,
                   double tolerance);

/// The first difference with its figures, and a table of all.
void print_text(std::ostream& out, const program::Program& program, const Comparison& result);
void print_json(std::ostream& out, const program::Program& program, const Comparison& result);

}  // namespace mote::cli
