#pragma once

// Debian's bare-metal RISC-V compiler ships no math.h, but device code of mote only ever needs
// these C functions; every use of floating-point library functions in core goes through this
// header.
#if __has_include(<math.h>)
#include <math.h>
#else
extern "C" {
double cos(double);
double sin(double);
double exp(double);
double log(double);
double sqrt(double);
float expf(float);
float expm1f(float);
float erfcf(float);
float logf(float);
float sqrtf(float);
float fabsf(float);
float fmaf(float, float, float);
float roundf(float);
float floorf(float);
float tanhf(float);
float log10f(float);
float cosf(float);
float sinf(float);
float atan2f(float, float);
float powf(float, float);
}
#endif
