/* To compare a replay with that computes node by node: copying a row for each node, one after the other, within
   as many rows as the replay keeps in use. A node reads two rows and writes one, and up to five more on the way
   back; it is no floor, as a replay finds rows that it has just written in the cache nearest to it. */

#include <string.h>

enum { CASES = 64 };

void copies(double (*rows)[CASES], int count, int nodes, int blocks)
{
    for (int block = 0; block < blocks; block++)
        for (int from = 0, to = count / 2, node = 0; node < nodes; node++) {
            memcpy(rows[to], rows[from], sizeof rows[0]);
            from = from + 1 < count ? from + 1 : 0;
            to = to + 1 < count ? to + 1 : 0;
        }
}
