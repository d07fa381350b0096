#pragma once

#include "firmware/boards/virt-rv32/board.h"
