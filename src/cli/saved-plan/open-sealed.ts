// A sealed plan as it comes from layout.ts, opened without reading all of it: lists and objects are parsed when somebody looks at them.
// The seal says that every byte is as kubeplan wrote it, so that nothing needs to be checked against a schema.
import { createHash } from 'node:crypto';
import type { Plan, PlanChange } from '../../planner/changes/plan.ts';
import { SEAL, SEAL_LENGTH } from './layout.ts';

const NEWLINE = 10;
const OPENING = 91;
const CLOSING = 93;

type Members = Record<string, unknown>;

/** The plan, or nothing where the text is another layout or does not fit its seal. */
export function openSealed(bytes: Buffer): Plan | undefined {
  const end = bytes.length - SEAL_LENGTH;
  const seal = end > 0 ? SEAL.exec(bytes.toString('latin1', end))?.[1] : undefined;
  if (seal === undefined || bytes[0] !== 0x7b || bytes[1] !== NEWLINE) return undefined;
  const content = bytes.subarray(0, end);
  if (seal !== `sha256:${createHash('sha256').update(content).digest('hex')}`) return undefined;
  const plan: Members = {};
  for (let at = 2; at < end; ) {
    const lineEnd = content.indexOf(NEWLINE, at);
    const line = content.toString('utf8', at, lineEnd - 1);
    if (content[lineEnd - 1] === OPENING) {
      const name = JSON.parse(line.slice(0, -1)) as string;
      // No line of a list begins with its closing bracket but the last.
      const closing = content.indexOf('\n]', lineEnd);
      addLater(plan, name, () =>
        name === 'changes'
          ? changesIn(content, lineEnd + 1)
          : JSON.parse(content.toString('utf8', lineEnd - 1, closing + 2)),
      );
      at = content.indexOf(NEWLINE, closing + 1) + 1;
    } else {
      Object.assign(plan, JSON.parse(`{${line}}`));
      at = lineEnd + 1;
    }
  }
  // Whatever is missing, the seal says that a kubeplan wrote it so.
  return plan as unknown as Plan;
}

/** An ordinary member in every reader's eyes, made once when it is asked for. */
function addLater(target: Members, name: string, make: () => unknown): void {
  let made: unknown;
  Object.defineProperty(target, name, {
    enumerable: true,
    get() {
      made ??= make();
      return made;
    },
  });
}

/** All first and third lines make one text to parse. */
function changesIn(content: Buffer, start: number): PlanChange[] {
  const bodies: [number, number][] = [];
  const heads = Buffer.allocUnsafe(content.length - start + 1);
  let length = heads.write('[');
  for (let at = start; content[at] !== CLOSING; ) {
    const body = content.indexOf(NEWLINE, at) + 1;
    const rest = content.indexOf(NEWLINE, body) + 1;
    const next = content.indexOf(NEWLINE, rest) + 1;
    length += content.copy(heads, length, at, body);
    length += content.copy(heads, length, rest, next);
    // Without the comma in front.
    bodies.push([body + 1, rest - 1]);
    at = next;
  }
  length += heads.write(']', length);
  const parsed = JSON.parse(heads.toString('utf8', 0, length)) as Head[];
  return parsed.map((head, index) => changeOf(head, content, bodies[index]!));
}

type Body = Pick<PlanChange, 'before' | 'after' | 'fields' | 'because'>;
type Head = Omit<PlanChange, keyof Body>;

function changeOf(
  { action, origin, object, ...rest }: Head,
  content: Buffer,
  [from, to]: [number, number],
): PlanChange {
  let body: Body | undefined;
  const read = (): Body => {
    body ??= JSON.parse(`{${content.toString('utf8', from, to)}}`) as Body;
    return body;
  };
  return {
    action,
    origin,
    object,
    get before() {
      return read().before;
    },
    get after() {
      return read().after;
    },
    get fields() {
      return read().fields;
    },
    get because() {
      return read().because;
    },
    ...rest,
  };
}
