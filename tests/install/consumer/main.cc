#include "mote/core/signal/fft.h"
#include "mote/support/file.h"

/// What a project that uses mote from outside does: the headers are found, the libraries link.
int main() {
  mote::signal::Complex twiddles[4];
  mote::signal::make_twiddles(8, twiddles);
  return mote::read_file("/nonexistent") ? 1 : 0;
}
