// Answers what was recorded of CEL: expressions, and sequences of requests that meet rules and policies.
// PATH is the recording's folder or one of its files, one result a line.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Environment } from '../../src/apiserver/cel/checker/environment.ts';
import { compile } from '../../src/apiserver/cel/compile.ts';
import { admissionEnvironment, plainEnvironment, ruleEnvironment } from '../../src/apiserver/cel/environments.ts';
import { FormatValue } from '../../src/apiserver/cel/library/format.ts';
import type { CelSchema } from '../../src/apiserver/cel/schema/decl-type.ts';
import { schemaValue } from '../../src/apiserver/cel/schema/schema-values.ts';
import { fromData } from '../../src/apiserver/cel/values/collections.ts';
import { timestampText } from '../../src/apiserver/cel/values/time.ts';
import { CelType } from '../../src/apiserver/cel/values/types.ts';
import {
  CelError,
  type CelValue,
  Duration,
  DynamicObject,
  JsonPatchValue,
  KubernetesValue,
  ListValue,
  MapValue,
  NONE,
  Optional,
  QuantityValue,
  Timestamp,
  typeOfValue,
  Uint,
  UnknownValue,
} from '../../src/apiserver/cel/values/value.ts';

import { readCases } from './cases.ts';

interface Context {
  readonly env?: string;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly types?: Readonly<Record<string, string>>;
  readonly schema?: CelSchema;
  readonly self?: unknown;
  readonly oldSelf?: unknown;
  readonly optionalOldSelf?: boolean;
}
interface Case extends Context {
  readonly id: string;
  readonly expr: string;
  readonly context?: string | Context;
}

/** How a recorded case is answered, by the field that only its form has. */
const FORMS: Readonly<Record<string, (path: string) => Promise<(recorded: never) => object>>> = {
  expr: async (path) => {
    const contexts = contextsOf(path);
    return (recorded: Case) => answer(recorded, contexts);
  },
  steps: async () => (await import('./cel-sequences.ts')).sequenceRunner(),
};

export async function runCel(path: string, write: (line: string) => void): Promise<void> {
  const isWhole = statSync(path).isDirectory() && existsSync(join(path, 'expressions'));
  for (const part of isWhole ? [join(path, 'expressions'), path] : [path]) {
    const runners = new Map<string, (recorded: never) => object>();
    for (const recorded of readCases<{ readonly id: string }>(part)) {
      const form = Object.keys(FORMS).find((key) => Object.hasOwn(recorded, key));
      if (form === undefined) continue;
      let run = runners.get(form);
      if (!run) runners.set(form, (run = await FORMS[form]!(part)));
      write(JSON.stringify({ id: recorded.id, ...run(recorded as never) }));
    }
  }
}

function contextsOf(path: string): Readonly<Record<string, Context>> {
  const file = join(statSync(path).isDirectory() ? path : dirname(path), 'contexts.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, Context>>) : {};
}

function answer(one: Case, contexts: Readonly<Record<string, Context>>): object {
  const named = typeof one.context === 'string' ? contexts[one.context] : one.context;
  const context: Context = { ...one, ...named };
  const prepared = prepare(context);
  if (prepared === undefined) return { broken: 'no declared type' };
  const compiled = compile(one.expr, prepared.environment);
  if (!compiled.ok) return { compileError: compiled.error };
  const { min, max } = compiled.estimatedCost;
  const head = { type: String(compiled.type), estimatedCost: { min: Number(min), max: Number(max) } };
  const result = compiled.program.evaluate(prepared.variables);
  return result.ok
    ? { ...head, value: show(result.value), cost: result.cost }
    : { ...head, runtimeError: result.error, cost: result.cost };
}

function prepare(
  context: Context,
): { readonly environment: Environment; readonly variables: ReadonlyMap<string, CelValue> } | undefined {
  const variables = new Map(Object.entries(context.vars ?? {}).map(([name, data]) => [name, fromData(data)] as const));
  if (context.env === 'admission' || context.env === 'mutation') {
    const hasPatchTypes = context.env === 'mutation';
    return { environment: admissionEnvironment({ hasParams: true, hasAuthorizer: true, hasPatchTypes }), variables };
  }
  if (context.env !== 'rule' || context.schema === undefined) {
    const declared = [...variables.keys()].map((name) => [name, context.types?.[name] ?? 'dyn'] as const);
    return { environment: plainEnvironment(Object.fromEntries(declared)), variables };
  }
  const { schema, self, oldSelf, optionalOldSelf = false } = context;
  const environment = ruleEnvironment(schema, { typeName: 'selfType', optionalOldSelf });
  if (environment === undefined) return undefined;
  const values = new Map<string, CelValue>();
  if (self !== undefined) values.set('self', schemaValue(self, schema));
  if (oldSelf !== undefined)
    values.set('oldSelf', optionalOldSelf ? new Optional(schemaValue(oldSelf, schema)) : schemaValue(oldSelf, schema));
  else if (optionalOldSelf) values.set('oldSelf', NONE);
  return { environment, variables: values };
}

function show(value: CelValue): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return { int: String(value) };
  if (typeof value === 'number') return { double: Number.isFinite(value) ? value : String(value) };
  if (value instanceof Uint) return { uint: String(value.value) };
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Timestamp) return { timestamp: timestampText(value, 0) };
  if (value instanceof Duration) return { duration: String(value.nanos) };
  if (value instanceof Optional) return { optional: value.value === undefined ? [] : [show(value.value)] };
  if (value instanceof CelType) return { type: value.name };
  if (value instanceof ListValue) return [...value].map(show);
  if (value instanceof MapValue) return { map: showMap(value) };
  if (value instanceof JsonPatchValue) return { jsonPatch: showPatch(value) };
  if (value instanceof DynamicObject) return { object: { type: value.type.name, value: plain(value) } };
  if (value instanceof QuantityValue) return { quantity: String(value) };
  if (value instanceof KubernetesValue && !(value instanceof FormatValue)) {
    const field = { 'kubernetes.URL': 'url', 'net.IP': 'ip', 'net.CIDR': 'cidr', 'kubernetes.Semver': 'semver' }[
      value.type.name
    ];
    if (field !== undefined) return { [field]: String(value) };
  }
  const { name: type } = typeOfValue(value);
  return { opaque: value instanceof UnknownValue ? { type, value: value.data } : { type } };
}

function showMap(map: MapValue): unknown {
  const entries: (readonly [unknown, unknown])[] = [];
  for (const key of map.keys()) {
    const value = map.find(key);
    if (value !== undefined && !(value instanceof CelError)) entries.push([show(key), show(value)]);
  }
  const text = (entry: readonly [unknown, unknown]): string => JSON.stringify(entry[0]);
  return entries.sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}

function showPatch(patch: JsonPatchValue): unknown {
  const { op, path, from, value } = patch;
  return value === undefined ? { op, path, from } : { op, path, from, value: show(value) };
}

/** As JSON writes what an Object{} holds. */
function plain(value: CelValue): unknown {
  // Go's null is an enumeration's first value.
  if (value === null) return 0;
  if (value instanceof DynamicObject)
    return Object.fromEntries([...value.fields].map(([name, field]) => [name, plain(field)]));
  if (value instanceof ListValue) return [...value].map(plain);
  if (value instanceof MapValue)
    return Object.fromEntries(value.keys().map((key) => [String(key), plain(value.find(key) ?? null)]));
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint) return Number(value.value);
  if (value instanceof Optional) return value.value === undefined ? null : plain(value.value);
  if (value instanceof Timestamp) return timestampText(value);
  if (value instanceof Duration) return Number(value.nanos);
  if (value instanceof CelType) return value.name;
  if (value instanceof KubernetesValue) return String(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}
