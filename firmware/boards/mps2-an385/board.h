#pragma once

#include "firmware/drivers/fpgaio.h"

/// Arm MPS2, image AN385: Cortex-M3.
namespace board {
using Counter = drivers::Fpgaio<0x40028000, 25'000'000>;
}

#include "firmware/drivers/mps_board.h"
