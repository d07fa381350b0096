#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/end_to_end/program.h"

/// What a board under QEMU makes of a model.
namespace mote::tests {

/// The same bytes as here, for five random inputs, on a Cortex-M4; skips where there is no QEMU or
/// compiler.
inline void expect_same_on_board(const std::string& model, const TemporaryFolder& folder) {
  const std::vector<std::string> run = {"run", model, "--random=5"};
  auto here = run, there = run;
  here.push_back("--output=" + folder.path("here.bin"));
  there.insert(there.end(), {"--board=mps2-an386", "--output=" + folder.path("there.bin")});
  ASSERT_EQ(run_mote(here).exit_code, 0);
  const Outcome outcome = run_mote(there);
  if (outcome.err.find("apt-get install") != std::string::npos) GTEST_SKIP() << outcome.err;
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_EQ(contents(folder.path("here.bin")), contents(folder.path("there.bin")));
}

}  // namespace mote::tests
