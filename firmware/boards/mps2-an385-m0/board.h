#pragma once

/// The board with the Cortex-M3, which runs what is compiled for a Cortex-M0+.
#include "firmware/boards/mps2-an385/board.h"
