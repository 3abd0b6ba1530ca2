// The baseline file: problems that are known, so that only new ones fail. Written sorted and without lines, so that it changes only with them.
import { type Finding, fingerprint } from '../../report/findings/findings.ts';
import { addressOf } from '../../report/tree.ts';
import { UsageError } from '../errors.ts';
import type { Io } from '../io.ts';
import { writeFile } from '../outputs.ts';

const KIND = 'Baseline';
const API_VERSION = 'kubeplan.dev/v1';

export function readBaseline(path: string, io: Io): ReadonlySet<string> {
  if (io.files.kind(path) === 'missing')
    throw new UsageError(`the baseline "${path}" does not exist`, 'Write it with --write-baseline.');
  let value: unknown;
  try {
    value = JSON.parse(io.files.read(path));
  } catch (error) {
    throw notABaseline(path, error instanceof Error ? error.message : String(error));
  }
  const { kind, findings } = (value ?? {}) as { readonly kind?: unknown; readonly findings?: unknown };
  if (kind !== KIND || !Array.isArray(findings)) throw notABaseline(path, `its kind is not ${KIND}`);
  return new Set(
    findings.map((entry: unknown) => {
      const { fingerprint: print } = (entry ?? {}) as { readonly fingerprint?: unknown };
      if (typeof print !== 'string') throw notABaseline(path, 'a finding has no fingerprint');
      return print;
    }),
  );
}

function notABaseline(path: string, why: string): UsageError {
  return new UsageError(`${path} is not a baseline: ${why}`, 'Write it anew with --write-baseline.');
}

export function writeBaseline(path: string, findings: readonly Finding[], io: Io): void {
  const entries = new Map(
    findings.map((finding) => {
      const { rule, object, root, field } = finding;
      const print = fingerprint(finding);
      const subject = root ?? (object ? addressOf(object) : undefined);
      return [
        print,
        { fingerprint: print, rule, ...(subject ? { object: subject } : {}), ...(field ? { field } : {}) },
      ] as const;
    }),
  );
  const sorted = [...entries.values()].sort((a, b) => compare(key(a), key(b)));
  const document = { apiVersion: API_VERSION, kind: KIND, findings: sorted };
  writeFile(path, `${JSON.stringify(document, null, 2)}\n`, io);
}

interface Entry {
  readonly fingerprint: string;
  readonly rule: string;
  readonly object?: string;
  readonly field?: string;
}

function key({ rule, object = '', field = '', fingerprint: print }: Entry): string {
  return [object, rule, field, print].join('\n');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
