#pragma once

/// Brings the tables of GRU on more instruction sets, for with_gru().
namespace mote::dispatch {

void with_avx2_gru();
void with_neon_gru();

}  // namespace mote::dispatch
