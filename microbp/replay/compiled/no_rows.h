/* Takes back what rows.h defined. */

#undef PASS_TILE
#undef PASS
#undef IN_TILES
#undef UNROLLED
#undef EACH
#undef BESIDE
#undef ROWS
#undef SUM_OF
#undef SUMS
#undef V
#undef I
#undef BITS
#undef IN_V
#undef ALIKE
#undef TRUTH
#undef FUSED_V
#undef AT_LEAST_V
#undef BY_SIGN_V
#undef SCALED_V
#undef INLINE
#undef APART
#undef FN
#undef PASTED
#undef PASTE
#undef ONE
