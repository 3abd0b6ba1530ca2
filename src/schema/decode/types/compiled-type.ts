// What the layout of a Go type is compiled to: how JSON becomes a value of it, and how its absence is written.
// Behaviour: sigs.k8s.io/json internal/golang/encoding/json/decode.go and encoding/json/encode.go of Go 1.26, Kubernetes v1.36.3.
import type { DecodeRun } from '../decode-run.ts';

/**
 * Decodes a value. `previous` is what an earlier key of the same name left, which Go decodes on top of. The answer `undefined` is Go's
 * nil, or no answer after a mismatch.
 */
type Decode = (value: unknown, previous: unknown, run: DecodeRun) => unknown;

export interface CompiledType {
  readonly decode: Decode;
  /** What Go writes for the zero value; `undefined` is null. */
  readonly zero: () => unknown;
  /** Whether `omitempty` drops a value that is present: for scalars the zero value, for lists and maps an empty one. */
  readonly isEmpty: ((value: unknown) => boolean) | undefined;
}

/** The zero of everything that Go leaves nil: pointers, lists, maps, interfaces. */
export const nothing = () => undefined;
