// Lists, and bytes, which Go writes as base64 and reads as a list of numbers too.
// Behaviour: array and literalStore in sigs.k8s.io/json internal/golang/encoding/json/decode.go, Kubernetes v1.36.3.
import { encodeBase64, parseBase64 } from '../base64.ts';
import type { DecodeRun } from '../decode-run.ts';
import { type CompiledType, nothing } from './compiled-type.ts';
import { integerType } from './scalar.ts';

function decodeElements(
  value: readonly unknown[],
  previous: unknown,
  element: CompiledType,
  run: DecodeRun,
): readonly unknown[] {
  const out: unknown[] = new Array(value.length);
  const depth = run.depth++;
  for (let i = 0; i < value.length; i++) {
    run.steps[depth] = i;
    const before = previous === undefined ? undefined : (previous as readonly unknown[])[i];
    const decoded = element.decode(value[i], before, run);
    out[i] = decoded === undefined ? (element.zero() ?? null) : decoded;
  }
  run.depth = depth;
  return out;
}

const isEmptyList = (value: unknown) => (value as readonly unknown[]).length === 0;

export const sliceType = (goName: string, element: CompiledType): CompiledType => ({
  decode(value, previous, run) {
    if (Array.isArray(value)) {
      if (run.shared === undefined || previous !== undefined || value.length === 0)
        return decodeElements(value, previous, element, run);
      return run.shared.decode(this, value, run, () => decodeElements(value, undefined, element, run));
    }
    if (value === null) return undefined;
    run.saveMismatch(value, goName);
    return previous;
  },
  zero: nothing,
  isEmpty: isEmptyList,
});

const byteType = integerType('uint8', 8, false);

export const bytesType = (goName: string): CompiledType => ({
  decode(value, _previous, run) {
    if (value === null) return undefined;
    if (typeof value === 'string') {
      const parsed = parseBase64(value);
      return parsed.ok ? parsed.text : run.save(parsed.error);
    }
    if (!Array.isArray(value)) return run.saveMismatch(value, goName);
    const bytes = decodeElements(value, undefined, byteType, run);
    return encodeBase64(bytes as readonly number[]);
  },
  zero: nothing,
  isEmpty: (value) => value === '',
});
