// Which changes are the same change of many objects, so that an output can show them as one with a count.
import type { PlanChange } from '../planner/changes/plan.ts';
import { fieldsOf } from './fields.ts';
import { addressOf, type ChangeNode } from './tree.ts';

/** Siblings alike up to this number are shown one by one. */
export const FOLD_ABOVE = 5;

/**
 * Siblings in groups of those that change alike, in the order of their first member. Updates fold wherever they stand; what is created
 * or deleted folds below its owner, since a submitted object's name says what it is.
 * @param isMerged the siblings are the children of a folded group: their owners differ and are alike
 */
export function alikeGroups(siblings: readonly ChangeNode[], isMerged = false): ChangeNode[][] {
  if (siblings.length <= FOLD_ABOVE) return siblings.map((sibling) => [sibling]);
  const groups = new Map<string, ChangeNode[]>();
  for (const sibling of siblings) {
    const key = likeness(sibling.change, isMerged);
    const group = groups.get(key);
    if (group) group.push(sibling);
    else groups.set(key, [sibling]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length > FOLD_ABOVE ? [group] : group.map((member) => [member]),
  );
}

function likeness(change: PlanChange, isMerged: boolean): string {
  const { action, object, owner } = change;
  const isUpdate = action === 'update';
  if (!isUpdate && (owner === undefined || action === 'no-op' || action === 'replace'))
    return `${addressOf(object)}\n${action}`;
  const fields = isUpdate ? JSON.stringify(fieldsOf(change, false).shown) : '';
  const under = owner === undefined || isMerged ? '' : addressOf(owner);
  return [action, object.apiVersion, object.kind, object.namespace, under, fields].join('\n');
}

/** What the names of a group have in common: `web-5d8f-*`. */
export function commonName(names: readonly string[]): string {
  const [first = '', ...rest] = names;
  let length = first.length;
  for (const name of rest) while (!name.startsWith(first.slice(0, length))) length -= 1;
  const shared = first.slice(0, length);
  return `${shared.slice(0, shared.lastIndexOf('-') + 1)}*`;
}
