/* lanes.h for rows of 64, of 8 and of 1, for one kind of machine: see replay.h. */

#define WIDTH 64
#include "lanes.h"
#define WIDTH 8
#include "lanes.h"
#define WIDTH 1
#include "lanes.h"
#undef KIND
#undef TARGET
