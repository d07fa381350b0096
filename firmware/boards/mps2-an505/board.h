#pragma once

#include "firmware/drivers/fpgaio.h"

/// Arm MPS2+, image AN505: Cortex-M33.
namespace board {
using Counter = drivers::Fpgaio<0x50302000, 20'000'000>;
}

#include "firmware/drivers/mps_board.h"
