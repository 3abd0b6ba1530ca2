// Structs: each key to the field of its name, and the fields written in Go's order.
// Behaviour: object in sigs.k8s.io/json internal/golang/encoding/json/decode.go and structEncoder in encoding/json/encode.go of Go 1.26, Kubernetes v1.36.3.
import type { DecodeRun, FieldStep } from '../decode-run.ts';
import { noteGivenEmpty } from '../given-empty.ts';
import { begin } from '../shared-values.ts';
import { type CompiledType, nothing } from './compiled-type.ts';
import { entriesOf, isPlainObject, type JsonObject, needsEntries } from './json-object.ts';

export interface CompiledField extends FieldStep {
  readonly index: number;
  readonly type: CompiledType;
  readonly omitEmpty: ((value: unknown) => boolean) | undefined;
  readonly zero: () => unknown;
}

export function structType(goName: string, fields: readonly CompiledField[]): CompiledType {
  const byName = new Map(fields.map((field) => [field.jsonName, field]));

  const decodeField = (
    key: string,
    value: unknown,
    slots: unknown[],
    seen: Set<string> | undefined,
    run: DecodeRun,
  ) => {
    const field = byName.get(key);
    if (field === undefined) {
      if (run.strict) run.unknownField(key);
      return;
    }
    if (seen?.has(key)) run.duplicateField(key);
    seen?.add(key);
    const depth = run.depth;
    run.steps[depth] = field;
    run.depth = depth + 1;
    slots[field.index] = field.type.decode(value, slots[field.index], run);
    run.depth = depth;
  };

  let zero: JsonObject | undefined;
  // The empty slots of a decoding that has ended, for the next one; a type that holds itself needs several at a time.
  let spare: unknown[] | undefined;
  return {
    decode(value, previous, run) {
      if (!isPlainObject(value)) {
        if (value !== null) run.saveMismatch(value, goName);
        return previous;
      }
      const remembered = previous === undefined ? run.shared?.rememberedAt(this) : undefined;
      const known = remembered?.of(value);
      if (known !== undefined) return known;
      const hadGivenEmpty = begin(run);
      const slots: unknown[] = spare ?? new Array(fields.length).fill(undefined);
      spare = undefined;
      if (previous !== undefined) {
        for (const field of fields) slots[field.index] = (previous as JsonObject)[field.jsonName];
      }
      if (needsEntries(value, run)) {
        const seen = new Set<string>();
        for (const [key, each] of entriesOf(value, run)) decodeField(key, each, slots, seen, run);
      } else {
        for (const key in value) decodeField(key, value[key], slots, undefined, run);
      }
      const built = buildObject(fields, slots, run);
      spare = slots.fill(undefined);
      remembered?.noteIfClean(value, built, run);
      run.hasGivenEmpty ||= hadGivenEmpty;
      return built;
    },
    // Shared by all absent structs of the type, so frozen.
    zero: () => (zero ??= Object.freeze(buildObject(fields, [], undefined))),
    isEmpty: undefined,
  };
}

/** The object as Go writes it, of one value a field. */
function buildObject(
  fields: readonly CompiledField[],
  slots: readonly unknown[],
  run: DecodeRun | undefined,
): JsonObject {
  const out: Record<string, unknown> = {};
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i]!;
    let value = slots[i];
    if (value === undefined) {
      if (field.zero === nothing) continue;
      value = field.zero();
      if (value === undefined) continue;
    } else if (field.omitEmpty?.(value)) {
      if (typeof value === 'object') note(out, field.jsonName, value as object, run);
      continue;
    } else if (Array.isArray(value) && value.length === 0) {
      note(out, field.jsonName, value, run);
    }
    out[field.jsonName] = value;
  }
  return out;
}

function note(out: object, field: string, value: object, run: DecodeRun | undefined): void {
  noteGivenEmpty(out, field, value);
  if (run) run.hasGivenEmpty = true;
}
