#include <gtest/gtest.h>

#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/end_to_end/program.h"
#include "tests/support/seccomp.h"
#include "tests/support/shared.h"

namespace mote::tests {
namespace {

/// The classes of MLPerf Tiny's kws_ref_model, in the order of its outputs.
const char kLabels[] = "down\ngo\nleft\nno\noff\non\nright\nstop\nup\nyes\nsilence\nunknown\n";
constexpr int kCommands = 10;

std::vector<std::string> fields(const std::string& line, char separator) {
  std::vector<std::string> parts;
  std::istringstream in(line);
  for (std::string part; std::getline(in, part, separator);) parts.push_back(part);
  return parts;
}

/// Path and word of every test recording of the ten commands. Columns of the index: path, kind,
/// word, speaker, speaker_kind, duration_s, split, ...
std::map<std::string, std::string> test_words(const std::filesystem::path& speech) {
  std::map<std::string, std::string> words;
  const auto labels = fields(kLabels, '\n');
  std::ifstream index(speech / "index.csv");
  for (std::string line; std::getline(index, line);) {
    const auto row = fields(line, ',');
    if (row.size() < 7 || row[1] != "words" || row[6] != "test") continue;
    const auto end = labels.begin() + kCommands;
    if (std::find(labels.begin(), end, row[2]) != end) words[(speech / row[0]).string()] = row[2];
  }
  return words;
}

/// Per cent of `words` whose most likely class is the word; prints a row a word.
double accuracy(const std::map<std::string, std::string>& words, const std::string& rows) {
  std::map<std::string, int> right, all;
  int hits = 0;
  std::istringstream in(rows);
  for (std::string line; std::getline(in, line);) {
    const auto row = fields(line, '\t');
    if (row.size() != 3) continue;
    const std::string& word = words.at(row[2]);
    ++all[word];
    if (row[0] == word) ++right[word], ++hits;
  }
  for (const auto& [word, count] : all)
    std::cout << word << ": " << right[word] << " of " << count << '\n';
  std::cout << "all: " << hits << " of " << words.size() << '\n';
  return 100.0 * hits / static_cast<double>(words.size());
}

/// What `mote listen --clip` has right of the ten commands, in per cent.
double accuracy_of(std::vector<std::string> model) {
  const auto words = test_words(shared_folder() / "data/speech");
  EXPECT_GE(words.size(), 400u);
  model.insert(model.begin(), {"listen", "--clip"});
  for (const auto& [path, word] : words) model.push_back(path);
  const Outcome outcome = run_mote(model);
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  return accuracy(words, outcome.out);
}

TEST(ListenAccuracy, OnTheTestSplitOfTenCommandsIsAtLeast90PerCent) {
  MOTE_NEED_SECCOMP();
  MOTE_NEED_SHARED("data/speech/index.csv");
  EXPECT_GE(accuracy_of({}), 90.0);
}

TEST(ListenAccuracy, OfAPublishedModelIsAtLeast87PerCent) {
  MOTE_NEED_SECCOMP();
  MOTE_NEED_SHARED("data/speech/index.csv");
  MOTE_NEED_SHARED("models/kws_ref_model.tflite");
  const TemporaryFolder folder;
  EXPECT_GE(accuracy_of({"--normalize=peak",
                         "--model=" + (shared_folder() / "models/kws_ref_model.tflite").string(),
                         "--labels=" + folder.write("labels.txt", kLabels)}),
            87.0);
}

}  // namespace
}  // namespace mote::tests
