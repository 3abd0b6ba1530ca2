// How `--out` lays a plan out: JSON, with a line for each item of a list, so that a reader finds its way by line ends alone. A change
// takes three lines: what it is, how it changes, whose it is. Of 20,000 changes a reader opens a few; see open-sealed.ts.
import { createHash } from 'node:crypto';
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';

/** Members of a change that stand on its second line; they follow each other. */
const BODY: ReadonlySet<string> = new Set<keyof PlanChange>(['before', 'after', 'fields', 'because']);

/** The last member: `"seal":"sha256:…"}`. */
export const SEAL = /^"seal":"(sha256:[0-9a-f]{64})"\}\n$/;
export const SEAL_LENGTH = '"seal":"sha256:"}\n'.length + 64;

/** The plan as it is saved, piece by piece, with a seal that tells whether somebody changed it afterwards. */
export function* sealedPlan(plan: Plan): Generator<string> {
  const seal = createHash('sha256');
  for (const piece of layout(plan)) {
    seal.update(piece);
    yield piece;
  }
  yield `"seal":"sha256:${seal.digest('hex')}"}\n`;
}

/** The seal that fits a plan, however its file is laid out. */
export function sealOf(plan: object): string {
  const seal = createHash('sha256');
  for (const piece of layout(plan)) seal.update(piece);
  return `sha256:${seal.digest('hex')}`;
}

/** All but the seal. */
function* layout(plan: object): Generator<string> {
  yield '{\n';
  for (const [name, value] of Object.entries(plan)) {
    if (!Array.isArray(value)) {
      yield `${JSON.stringify(name)}:${JSON.stringify(value)},\n`;
      continue;
    }
    yield `${JSON.stringify(name)}:[\n`;
    const last = value.length - 1;
    for (const [index, item] of value.entries())
      yield `${name === 'changes' ? changeLines(item) : JSON.stringify(item)}${index < last ? ',' : ''}\n`;
    yield '],\n';
  }
}

/** The first and the third line are an object, too, without the second. */
function changeLines(change: PlanChange): string {
  const members = Object.entries(change);
  const first = members.findIndex(([name]) => BODY.has(name));
  const text = (from: number, to?: number): string =>
    JSON.stringify(Object.fromEntries(members.slice(from, to))).slice(1, -1);
  const rest = text(first + BODY.size);
  return `{${text(0, first)}\n,${text(first, first + BODY.size)}\n${rest === '' ? '' : ','}${rest}}`;
}
