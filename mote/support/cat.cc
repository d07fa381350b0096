#include "mote/support/cat.h"

#include <cstdio>

namespace mote::cat_detail {

void append(std::string& out, std::string_view text) { out += text; }
void append(std::string& out, char c) { out += c; }
void append(std::string& out, std::int64_t number) { out += std::to_string(number); }
void append(std::string& out, std::uint64_t number) { out += std::to_string(number); }

void append(std::string& out, double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", number);
  out += text;
}

}  // namespace mote::cat_detail
