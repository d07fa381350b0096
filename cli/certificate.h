#pragma once

#include <ostream>

#include "mote/compiler/passes/certificate.h"
#include "mote/support/json.h"

/// How `mote inspect` shows what shrinking took out, and why it may.
namespace mote::cli {

/// "51.7 %" of a number that is left; "100 %" of nothing.
std::string share_text(std::int64_t part, std::int64_t whole);

/// A paragraph a tensor: "channels 3-17, 20 (16)  clamps to -128: ...".
void print_certificate(std::ostream& out, const passes::Certificate& certificate);

/// The costs; with `all` every channel too.
Json certificate_json(const passes::Certificate& certificate, bool all);

}  // namespace mote::cli
