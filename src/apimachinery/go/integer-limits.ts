// The ends of Go's integer types.
// Behaviour: math/const.go, Go 1.26.

export const MAX_INT32 = 2 ** 31 - 1;
export const MIN_INT64 = -(2n ** 63n);
export const MAX_INT64 = 2n ** 63n - 1n;
export const MAX_UINT64 = 2n ** 64n - 1n;
