// The two sides of a change as YAML, as a reader compares them: bookkeeping left out, secrets masked (also in plans that were saved elsewhere).
import { stringify } from 'yaml';
import { isMap } from '../../apimachinery/json.ts';
import { LAST_APPLIED } from '../../apimachinery/well-known/annotations.ts';
import { maskedSides } from '../../planner/changes/fields/secret-values.ts';
import type { PlanChange } from '../../planner/changes/plan.ts';
import { isSecret } from '../value.ts';

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
  const { before, after } = isSecret(change) ? maskedSides(change) : change;
  return { before: yamlOf(before, full), after: yamlOf(after, full) };
}

function yamlOf(object: Value | null, full: boolean): string {
  if (object === null) return '';
  const { status, metadata, ...rest } = object;
  const shown = {
    ...rest,
    ...(isMap(metadata) ? { metadata: trimmedMetadata(metadata, full) } : {}),
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
  if (full || !isMap(annotations)) return Object.fromEntries(kept);
  const { [LAST_APPLIED]: _said, ...others } = annotations;
  return Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
}
