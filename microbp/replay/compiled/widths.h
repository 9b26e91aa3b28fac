/* lanes.h for rows of 64, 32, 16, 8 and 1, and stream.h, for one kind of machine: see vectors.h. */

#define WIDTH 64
#include "lanes.h"
#define WIDTH 32
#include "lanes.h"
#define WIDTH 16
#include "lanes.h"
#define WIDTH 8
#include "lanes.h"
#define WIDTH 1
#include "lanes.h"
#include "stream.h"
#undef VECTOR
#undef AT_HAND
#undef FUSED
#undef FUSED_ONE
#undef AT_LEAST
#undef BY_SIGN
#undef SCALED
#undef KIND
#undef TARGET
