// The two sides of a change as YAML, as a reader compares them: bookkeeping left out, secrets masked as kubectl diff masks them.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/diff/diff.go (Masker), Kubernetes v1.36.3.
// Differs: kubectl masks `data` alone; a Secret's applied manifest, kept in an annotation, is masked too.
import { stringify } from 'yaml';
import type { PlanChange } from '../../planner/changes/plan.ts';
import { isSecret, LAST_APPLIED } from '../value.ts';

const MASK = '***';
const MASK_BEFORE = '*** (before)';
const MASK_AFTER = '*** (after)';

type Value = Readonly<Record<string, unknown>>;

export interface Documents {
  /** Empty when the object does not exist on this side. */
  readonly before: string;
  readonly after: string;
}

/** What the API server itself keeps in metadata, and what a simulation makes up. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
]);

/** `full` keeps status and bookkeeping; managedFields never help and always go. */
export function documentsOf(change: PlanChange, full: boolean): Documents {
  const { before, after } = isSecret(change) ? masked(change) : change;
  return { before: yamlOf(before, full), after: yamlOf(after, full) };
}

function yamlOf(object: Value | null, full: boolean): string {
  if (object === null) return '';
  const { status, metadata, ...rest } = object;
  const shown = {
    ...rest,
    ...(isValue(metadata) ? { metadata: trimmedMetadata(metadata, full) } : {}),
    ...(full && status !== undefined ? { status } : {}),
  };
  // Version 1.1 quotes `yes` and times, as Kubernetes' own printer does.
  return stringify(shown, {
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
    version: '1.1',
  });
}

function trimmedMetadata(metadata: Value, full: boolean): Value {
  const kept = Object.entries(metadata).filter(([name]) => (full ? name !== 'managedFields' : !BOOKKEEPING.has(name)));
  const { annotations, ...rest } = Object.fromEntries(kept);
  if (full || !isValue(annotations)) return Object.fromEntries(kept);
  const { [LAST_APPLIED]: _said, ...others } = annotations;
  return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
}

/** Values that both sides have and that differ say which side they are on; all others look alike. */
function masked({ before, after }: Pick<PlanChange, 'before' | 'after'>): Pick<PlanChange, 'before' | 'after'> {
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
  if (!isValue(data)) return MASK;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => {
      const isOnBoth = isValue(other) && Object.hasOwn(other, key);
      return [key, isOnBoth && other[key] !== value ? mark : MASK];
    }),
  );
}

function maskedAnnotations({ metadata }: Value): Value {
  if (!isValue(metadata) || !isValue(metadata['annotations']) || metadata['annotations'][LAST_APPLIED] === undefined)
    return {};
  return { metadata: { ...metadata, annotations: { ...metadata['annotations'], [LAST_APPLIED]: MASK } } };
}

function isValue(value: unknown): value is Value {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
