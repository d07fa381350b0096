#pragma once

#include "firmware/drivers/fpgaio.h"

/// Arm MPS3, image AN547: Cortex-M55.
namespace board {
using Counter = drivers::Fpgaio<0x59302000, 20'000'000>;
}

#include "firmware/drivers/mps_board.h"
