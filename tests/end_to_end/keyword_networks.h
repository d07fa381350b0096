#pragma once

#include <string>
#include <vector>

/// Small networks for `mote listen`, made in code.
namespace mote::tests {

struct KeywordNetwork {
  std::vector<int> input = {1, 49, 10, 1};
  int classes = 2;
  bool softmax = true;
};

/// A float network, as a .tflite file's bytes, that hears class 0 where the sound in the middle of
/// its window is not silent, and class 1 otherwise.
std::string keyword_network(const KeywordNetwork& shape = {});

}  // namespace mote::tests
