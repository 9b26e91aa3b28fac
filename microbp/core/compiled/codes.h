/* The operations that C knows, in the order of microbp.ops; OTHER is any other one. */
#ifndef MICROBP_CODES
#define MICROBP_CODES
typedef enum {
    OTHER, ADD, SUB, MUL, DIV, NEG, POW, ABS, EXP, EXPM1, LOG, LOG1P, SQRT, SIN, COS, TAN, ASIN,
    ACOS, ATAN, ATAN2, SINH, COSH, TANH, SIGMOID, SOFTPLUS, RELU, MAXIMUM, MINIMUM, WHERE,
    HYPOT, LOGADDEXP, ERF, DOT, TOTAL, LOGSUMEXP
} Code;
#endif
