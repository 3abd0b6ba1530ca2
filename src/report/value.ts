// A field's value in one line, with what is secret hidden.
import type { PlanChange } from '../planner/changes/plan.ts';

const LONGEST = 120;
const SECRET = '(sensitive value)';

export function valueText(value: unknown): string {
  if (value === undefined) return '(absent)';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

/** Whether a field of this object must never be printed. */
export function isSensitive({ object }: Pick<PlanChange, 'object'>, path: string): boolean {
  return object.kind === 'Secret' && /^(?:data|stringData)\b/.test(path);
}

/** A field's value for this object, or a mark in its place when it is secret. */
export function shownValue(change: Pick<PlanChange, 'object'>, path: string, value: unknown): string {
  return value !== undefined && isSensitive(change, path) ? SECRET : valueText(value);
}
