// Makes new sequences for record-sequences.ts out of recorded ones: steps of other sequences for the same object, and bodies and files
// with values that stand at the same place elsewhere.
//   node --import tsx scripts/apply/vary-sequences.ts SEED COUNT FAMILIES OUT.jsonl     FAMILIES: a pattern, as '^(ssa|patch)'
import { writeFileSync } from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';
import { readCases } from '../conformance/cases.ts';
import type { Json, Sequence, Step } from './sequence.ts';

const [seed = '1', count = '100', families = '.', to = 'varied.jsonl'] = process.argv.slice(2);
const FOLDER = 'fixtures/conformance/apply';
const MANAGERS = ['alice', 'bob', 'carol', 'maker', 'fixer', 'kubectl'];
const WORDS = ['a', 'b', 'x', 'web', '', 'z.example.com/k', 'Always', '1', 'true'];
const NUMBERS = [0, 1, 2, 5, -1, 80];
const MOST_STEPS = 7;

type ApiStep = Exclude<Step, { kubectl: unknown }>;
type Mutable = { [key: string]: unknown } | unknown[];

/** Numbers that follow from the seed alone. */
let state = Number(seed);
function chance(share: number): boolean {
  return random() < share;
}
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
function below(limit: number): number {
  return Math.floor(random() * limit);
}
function pick<T>(list: readonly T[]): T {
  return list[below(list.length)]!;
}

const recorded = readCases<Sequence>(FOLDER);
/** Values by kind and path, as `Pod .spec.containers[].image`. */
const values = new Map<string, unknown[]>();
/** Steps by kind and path of the request. */
const requests = new Map<string, ApiStep[]>();
for (const { kind, steps } of recorded)
  for (const step of steps) {
    if ('kubectl' in step) {
      for (const document of Object.values(step.files ?? {}).flatMap(documentsIn))
        collect(String(document['kind']), document);
      continue;
    }
    const key = requestKey(kind, step);
    requests.set(key, [...(requests.get(key) ?? []), step]);
    if (isObject(step.body)) collect(kind, step.body);
  }

const byFamily = new Map<string, Sequence[]>();
for (const sequence of recorded)
  if (new RegExp(families).test(sequence.family))
    byFamily.set(sequence.family, [...(byFamily.get(sequence.family) ?? []), sequence]);
const made = Array.from({ length: Number(count) }, (_, i) => {
  const family = pick([...byFamily.keys()]);
  const base = pick(byFamily.get(family)!);
  const steps = base.steps.map(withoutExpectation);
  const varied = steps.some((step) => 'kubectl' in step)
    ? variedCommands(base, steps)
    : variedRequests(base.kind, steps as ApiStep[]);
  return { ...base, id: `${family}/varied-${seed}-${i}`, steps: varied };
});
writeFileSync(to, made.map((sequence) => `${JSON.stringify(sequence)}\n`).join(''));

function variedRequests(kind: string, given: readonly ApiStep[]): readonly Step[] {
  const steps = [...given];
  for (let i = below(4); i > 0; i--) {
    const others = requests.get(requestKey(kind, pick(steps))) ?? [];
    if (others.length > 0) steps.splice(1 + below(steps.length), 0, withoutExpectation(pick(others)) as ApiStep);
  }
  if (chance(0.3) && steps.length > 2) steps.splice(1 + below(steps.length - 1), 1);
  return steps.slice(0, MOST_STEPS).map((step) => {
    const query: Record<string, string | boolean> = { ...step.query };
    if (query['fieldManager'] && chance(0.3)) query['fieldManager'] = pick(MANAGERS);
    if (step.verb === 'apply' && chance(0.2)) query['force'] = chance(0.5);
    const body = isObject(step.body) && chance(0.5) ? changed(kind, step.body, 1 + below(2)) : step.body;
    return { ...step, ...(Object.keys(query).length > 0 ? { query } : {}), ...(body === undefined ? {} : { body }) };
  });
}

function variedCommands(base: Sequence, given: readonly Step[]): readonly Step[] {
  const watched = JSON.stringify(base.watch);
  const donors = byFamily
    .get(base.family)!
    .filter(({ kind, watch }) => kind === base.kind && JSON.stringify(watch) === watched);
  const tail = pick(donors).steps.map(withoutExpectation);
  const steps = chance(0.5) ? [...given.slice(0, 1 + below(given.length)), ...tail.slice(below(tail.length))] : given;
  return steps.slice(0, MOST_STEPS - 1).map((step) => {
    if (!('kubectl' in step)) return step;
    const files = Object.entries(step.files ?? {}).map(([name, text]) => [name, chance(0.6) ? variedFile(text) : text]);
    return { ...step, ...(step.files ? { files: Object.fromEntries(files) as Record<string, string> } : {}) };
  });
}

function variedFile(text: string): string {
  const documents = [...documentsIn(text)];
  if (documents.length === 0) return text;
  if (documents.length > 1 && chance(0.5)) documents.splice(below(documents.length), 1);
  if (chance(0.3)) documents.reverse();
  const at = below(documents.length);
  documents[at] = changed(String(documents[at]!['kind']), documents[at]!, 1);
  return documents.map((document) => stringify(document, { version: '1.1' })).join('---\n');
}

function changed(kind: string, object: Json, times: number): Json {
  const copy = structuredClone(object) as { [key: string]: unknown };
  for (let i = 0; i < times; i++) change(kind, copy);
  return copy;
}

interface Place {
  readonly of: Mutable;
  readonly key: string | number;
  readonly path: string;
}

function placesIn(value: unknown, path: string): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const of = value as Mutable;
  const keys = Array.isArray(of) ? of.keys() : Object.keys(of);
  return [...keys].flatMap((key) => {
    const at = typeof key === 'number' ? `${path}[]` : `${path}.${key}`;
    const inner = placesIn((of as { [key: string | number]: unknown })[key], at);
    return /^\.(?:apiVersion|kind|metadata\.(?:name|namespace))$/.test(at) ? inner : [{ of, key, path: at }, ...inner];
  });
}

/** Takes something out, empties it, or puts in its place what stands at such a place elsewhere. */
function change(kind: string, object: { [key: string]: unknown }): void {
  const places = placesIn(object, '');
  if (places.length === 0) return;
  const { of, key, path } = pick(places);
  const holder = of as { [key: string | number]: unknown };
  const others = values.get(`${kind} ${path}`) ?? [];
  const drawn = random();
  if (drawn < 0.2) Array.isArray(of) ? of.splice(Number(key), 1) : delete holder[key];
  else if (drawn < 0.25) holder[key] = null;
  else if (drawn < 0.7 && others.length > 0) holder[key] = structuredClone(pick(others));
  else if (drawn < 0.8 && Array.isArray(of))
    of.push(structuredClone(others.length > 0 ? pick(others) : of[Number(key)]));
  else if (drawn < 0.86 && Array.isArray(of)) of.reverse();
  else if (drawn < 0.93 && !Array.isArray(of)) addSibling(kind, holder, path);
  else if (typeof holder[key] === 'number') holder[key] = pick(NUMBERS);
  else if (typeof holder[key] === 'string') holder[key] = pick(WORDS);
  else if (typeof holder[key] === 'boolean') holder[key] = !holder[key];
}

function addSibling(kind: string, holder: { [key: string]: unknown }, path: string): void {
  const parent = `${kind} ${path.slice(0, path.lastIndexOf('.') + 1)}`;
  const known = [...values.keys()].filter((key) => key.startsWith(parent) && !/[.[]/.test(key.slice(parent.length)));
  if (known.length === 0) return;
  const found = pick(known);
  const name = found.slice(parent.length);
  if (!['apiVersion', 'kind', 'name', 'namespace'].includes(name))
    holder[name] = structuredClone(pick(values.get(found)!));
}

function collect(kind: string, value: unknown, path = ''): void {
  const key = `${kind} ${path}`;
  values.set(key, [...(values.get(key) ?? []), value]);
  if (Array.isArray(value)) for (const item of value) collect(kind, item, `${path}[]`);
  else if (isObject(value)) for (const [name, item] of Object.entries(value)) collect(kind, item, `${path}.${name}`);
}

function documentsIn(text: string): readonly Json[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents) || documents.some(({ errors }) => errors.length > 0)) return [];
  return documents.map((document) => document.toJS() as unknown).filter(isObject);
}

function requestKey(kind: string, { path }: ApiStep): string {
  return `${kind} ${path.split('/').slice(0, 9).join('/')}`;
}

function withoutExpectation({ expect: _, ...step }: Step): Step {
  return structuredClone(step);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
