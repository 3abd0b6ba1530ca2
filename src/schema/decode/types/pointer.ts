// Pointers, which null leaves without a target.
// Behaviour: indirect in sigs.k8s.io/json internal/golang/encoding/json/decode.go, Kubernetes v1.36.3.
import { type CompiledType, nothing } from './compiled-type.ts';

export const pointerType = (element: CompiledType): CompiledType => ({
  decode(value, previous, run) {
    if (value === null) return undefined;
    const errors = run.error;
    const decoded = element.decode(value, previous, run);
    // A pointer is allocated before its target is read, so only a type that reads itself can leave it without a value.
    return decoded === undefined && run.error === errors ? element.zero() : decoded;
  },
  zero: nothing,
  isEmpty: undefined,
});
