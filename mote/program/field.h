#pragma once

#include <tuple>

namespace mote::program {

/// A member and its name. Members are int, float or arrays of int.
template <class Attrs, class Member>
struct Field {
  const char* name;
  Member Attrs::*member;
};
template <class Attrs, class Member>
Field(const char*, Member Attrs::*) -> Field<Attrs, Member>;

}  // namespace mote::program
