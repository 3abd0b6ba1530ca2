// Regular expressions with RE2's syntax and meaning: matches, find, findAll.
// Behaviour: k8s.io/apiserver pkg/cel/library/regex.go, Kubernetes v1.36.3; Go 1.26 regexp.
import { RE2JS } from 're2js';
import { PlainList } from '../values/collections.ts';
import { CelError, type CelValue, noSuchOverload, textOf } from '../values/value.ts';
import { type FunctionDecl, fn, member } from './declaration.ts';

type Compiled = { readonly ok: true; readonly pattern: RE2JS } | { readonly ok: false; readonly error: string };

const MOST_KNOWN = 1000;
const known = new Map<string, Compiled>();

/** Compiled once each: the rules of one schema often share a pattern. */
export function compilePattern(text: string): Compiled {
  let compiled = known.get(text);
  if (!compiled) {
    if (known.size >= MOST_KNOWN) known.clear();
    known.set(text, (compiled = compile(text)));
  }
  return compiled;
}

function compile(text: string): Compiled {
  try {
    return { ok: true, pattern: RE2JS.compile(text) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Go names the part that fails even where it is empty.
    return {
      ok: false,
      error: message.endsWith('trailing backslash at end of expression') ? `${message}: \`\`` : message,
    };
  }
}

export function matchesPattern(value: CelValue, pattern: CelValue): CelValue {
  if (typeof pattern !== 'string' || typeof value !== 'string') return noSuchOverload(pattern);
  const compiled = compilePattern(pattern);
  return compiled.ok ? compiled.pattern.matcher(value).find() : new CelError(compiled.error);
}

export function findFirst(pattern: RE2JS, text: string): string {
  const matcher = pattern.matcher(text);
  return matcher.find() ? (matcher.group() ?? '') : '';
}

/** Up to limit matches, all of them when it is negative. An empty match right behind another is none. */
export function findEvery(pattern: RE2JS, text: string, limit: bigint): CelValue {
  const found: string[] = [];
  const matcher = pattern.matcher(text);
  let lastEnd = -1;
  while ((limit < 0n || BigInt(found.length) < limit) && matcher.find()) {
    const start = matcher.start();
    const end = matcher.end();
    if (start !== end || start !== lastEnd) found.push(matcher.group() ?? '');
    lastEnd = end;
  }
  return new PlainList(found);
}

const ILLEGAL = 'Illegal regex: ';

function withPattern(value: CelValue, pattern: CelValue, use: (text: string, compiled: RE2JS) => CelValue): CelValue {
  const text = textOf(value);
  if (text === undefined) return noSuchOverload(value);
  const source = textOf(pattern);
  if (source === undefined) return noSuchOverload(pattern);
  const compiled = compilePattern(source);
  return compiled.ok ? use(text, compiled.pattern) : new CelError(ILLEGAL + compiled.error);
}

export const REGEX: readonly FunctionDecl[] = [
  fn(
    'find',
    member('string_find_string', 'string, string -> string', (value, pattern) =>
      withPattern(value as CelValue, pattern as CelValue, (text, compiled) => findFirst(compiled, text)),
    ),
  ),
  fn(
    'findAll',
    member('string_find_all_string', 'string, string -> list(string)', (value, pattern) =>
      withPattern(value as CelValue, pattern as CelValue, (text, compiled) => findEvery(compiled, text, -1n)),
    ),
    member('string_find_all_string_int', 'string, string, int -> list(string)', (value, pattern, limit) =>
      withPattern(value as CelValue, pattern as CelValue, (text, compiled) =>
        typeof limit === 'bigint' ? findEvery(compiled, text, limit) : noSuchOverload(limit),
      ),
    ),
  ),
];
