// Which fields of a change a reader wants to see, and how many are left out.
import { LAST_APPLIED } from '../apimachinery/well-known/annotations.ts';
import type { FieldChange, PlanChange } from '../planner/changes/plan.ts';

interface ShownFields {
  readonly shown: readonly FieldChange[];
  /** Fields that differ and are not shown. */
  readonly hidden: number;
  /** Fields of the object that stay as they are. */
  readonly unchanged: number;
}

/** Kinds whose fields the list of services tells better. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(['Endpoints', 'EndpointSlice']);
/** Server's own bookkeeping: neither changed nor unchanged in a reader's eyes. */
const NOT_COUNTED: ReadonlySet<string> = new Set(['status', 'managedFields', 'resourceVersion', 'generation', 'uid']);

/** Status and kubectl's bookkeeping are left out unless `full`. */
export function fieldsOf(change: PlanChange, full: boolean, most = Number.POSITIVE_INFINITY): ShownFields {
  if (full) return { shown: change.fields, hidden: 0, unchanged: 0 };
  const wanted = wantedFields(change);
  const shown = wanted.slice(0, most);
  return {
    shown,
    hidden: change.fields.length - shown.length,
    unchanged: change.action === 'update' ? unchangedFields(change) : 0,
  };
}

function wantedFields(change: PlanChange): FieldChange[] {
  if (SHOWN_ELSEWHERE.has(change.object.kind)) return [];
  return change.fields.filter(({ path }) => !/^status\b/.test(path)).flatMap(withoutAppliedManifest);
}

function withoutAppliedManifest(field: FieldChange): FieldChange[] {
  if (field.path.includes(LAST_APPLIED)) return [];
  if (field.path !== 'metadata.annotations') return [field];
  const { before: _before, after: _after, ...rest } = field;
  const before = otherAnnotations(field.before);
  const after = otherAnnotations(field.after);
  if (before === undefined && after === undefined) return [];
  return [{ ...rest, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

function otherAnnotations(annotations: unknown): unknown {
  if (annotations === null || typeof annotations !== 'object') return annotations;
  const others = Object.entries(annotations).filter(([name]) => name !== LAST_APPLIED);
  return others.length > 0 ? Object.fromEntries(others) : undefined;
}

function unchangedFields({ after, fields }: PlanChange): number {
  const changed = fields
    .filter(({ path }) => !/^status\b/.test(path))
    .reduce((sum, field) => sum + (field.after === undefined ? 0 : leaves(field.after)), 0);
  return Math.max(0, leaves(after) - changed);
}

function leaves(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  const items = Array.isArray(value)
    ? value
    : Object.entries(value).flatMap(([name, item]) => (NOT_COUNTED.has(name) || name === LAST_APPLIED ? [] : [item]));
  return items.reduce((sum: number, item) => sum + leaves(item), 0);
}
