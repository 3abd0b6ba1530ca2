// A field's value in one line, with what is secret hidden.
import { LAST_APPLIED } from '../apimachinery/well-known/annotations.ts';
import type { FieldChange, PlanChange } from '../planner/changes/plan.ts';
import { placeText } from './findings/place-text.ts';

const LONGEST = 120;
const SECRET = '(sensitive value)';

function valueText(value: unknown): string {
  if (value === undefined) return '(absent)';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

export function isSecret({ object }: Pick<PlanChange, 'object'>): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1';
}

/** Whether a field of this object must never be printed. */
function isSensitive(change: Pick<PlanChange, 'object'>, path: string): boolean {
  return isSecret(change) && (/^(?:data|stringData)\b/.test(path) || path.includes(LAST_APPLIED));
}

/** A field's value for this object, or a mark in its place when it is secret. */
export function shownValue(change: Pick<PlanChange, 'object'>, path: string, value: unknown): string {
  if (value === undefined) return valueText(value);
  const holdsManifest = isSecret(change) && path.startsWith('metadata') && JSON.stringify(value).includes(LAST_APPLIED);
  return holdsManifest || isSensitive(change, path) ? SECRET : valueText(value);
}

/** Where a new value comes from: `web.yaml:12`, `deployment-controller`, `default`. */
export function originText({ from, by, source }: FieldChange): string {
  return source ? placeText(source) : (by ?? from);
}
