// Changes of Secrets without their values, as kubectl diff masks them: that a value changes is told, what it is is not.
// Behaviour: k8s.io/kubectl pkg/cmd/diff/diff.go v0.36.3 (Masker).
// Differs: kubectl masks `data` alone; a Secret's applied manifest, kept in an annotation, is masked too.
// Reports mask once more, for plans that were saved elsewhere.
import { isMap } from '../../../apimachinery/json.ts';
import { LAST_APPLIED } from '../../../apimachinery/well-known/annotations.ts';
import type { FieldChange, PlanChange } from '../plan.ts';

type Value = Readonly<Record<string, unknown>>;
type Sides = Pick<PlanChange, 'before' | 'after'>;

const MASK = '***';
const MASK_BEFORE = '*** (before)';
const MASK_AFTER = '*** (after)';
const VALUE_FIELD = /^(?:data|stringData)\b|last-applied-configuration/;

export function withoutSecretValues<C extends Pick<PlanChange, 'object' | 'before' | 'after' | 'fields'>>(
  change: C,
): C {
  const { apiVersion, kind } = change.object;
  if (kind !== 'Secret' || apiVersion !== 'v1') return change;
  return { ...change, ...maskedSides(change), fields: change.fields.map(maskedField) };
}

function maskedField(field: FieldChange): FieldChange {
  const holdsManifest =
    field.path.startsWith('metadata') && JSON.stringify([field.before, field.after]).includes(LAST_APPLIED);
  if (!VALUE_FIELD.test(field.path) && !holdsManifest) return field;
  const isOnBoth = field.before !== undefined && field.after !== undefined;
  return {
    ...field,
    ...(field.before === undefined ? {} : { before: isOnBoth ? MASK_BEFORE : MASK }),
    ...(field.after === undefined ? {} : { after: isOnBoth ? MASK_AFTER : MASK }),
  };
}

/** Values that both sides have and that differ say which side they are on; all others look alike. */
export function maskedSides({ before, after }: Sides): Sides {
  const side = (object: Value | null, other: Value | null, mark: string): Value | null => {
    if (object === null) return null;
    const hidden = Object.fromEntries(
      ['data', 'stringData']
        .filter((name) => object[name] !== undefined)
        .map((name) => [name, maskedData(object[name], other?.[name], mark)] as const),
    );
    return { ...object, ...hidden, ...maskedAnnotations(object) };
  };
  return { before: side(before, after, MASK_BEFORE), after: side(after, before, MASK_AFTER) };
}

function maskedData(data: unknown, other: unknown, mark: string): unknown {
  if (!isMap(data)) return MASK;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const isOnBoth = isMap(other) && Object.hasOwn(other, key);
      return [key, isOnBoth && other[key] !== value ? mark : MASK];
    }),
  );
}

function maskedAnnotations({ metadata }: Value): Value {
  if (!isMap(metadata) || !isMap(metadata['annotations']) || metadata['annotations'][LAST_APPLIED] === undefined)
    return {};
  return { metadata: { ...metadata, annotations: { ...metadata['annotations'], [LAST_APPLIED]: MASK } } };
}
