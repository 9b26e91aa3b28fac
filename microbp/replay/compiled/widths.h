/* The interpreter for rows of any width, and stream.h, for one kind of machine: see vectors.h. */

#define ONE 0
#include "rows.h"
#include "products.h"
#include "layers.h"
#define WIDTH 64
#include "lanes.h"
#define WIDTH 32
#include "lanes.h"
#define WIDTH 16
#include "lanes.h"
#define WIDTH 8
#include "lanes.h"
#define WIDTH 0
#include "lanes.h"
#include "no_rows.h"

#define ONE 1
#include "rows.h"
#include "products.h"
#include "layers.h"
#define WIDTH 1
#include "lanes.h"
#include "no_rows.h"

#include "stream.h"
#undef VECTOR
#undef FUSED
#undef FUSED_ONE
#undef AT_LEAST
#undef BY_SIGN
#undef SCALED
#undef KIND
#undef TARGET
