// Calls in shares: what they are, and that they give what the whole gives.

#include "mote/compiler/ops/shares.h"

#include <gtest/gtest.h>
