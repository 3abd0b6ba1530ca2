// What CI outputs show: every problem of a plan or a validation in one form, and the objects that were looked at.
import type { ObjectRef, SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { Plan } from '../../planner/changes/plan.ts';
import type { ValidationReport, ValidationResult } from '../../planner/validation/validation-report.ts';
import { addressOf } from '../tree.ts';

export type Severity = 'error' | 'warning' | 'info';

export interface Finding {
  readonly severity: Severity;
  /** Stable name of the rule: a cause reason (`FieldValueInvalid`), a diagnostic's code, `Unschedulable`. */
  readonly rule: string;
  readonly message: string;
  readonly object?: ObjectRef;
  readonly field?: string;
  readonly source?: SourceLocation;
}

/** An object that was judged, with what was found about it: a test case in CI's eyes. */
export interface CheckedObject {
  readonly object: ObjectRef;
  readonly file: string;
  readonly isSkipped: boolean;
  readonly findings: readonly Finding[];
}

export interface Findings {
  /** `kubeplan plan` or `kubeplan validate`. */
  readonly tool: string;
  readonly kubernetesVersion: string;
  readonly all: readonly Finding[];
  readonly objects: readonly CheckedObject[];
}

/** Where a finding is said to be that stands in no file: CI systems refuse reports with a finding that is nowhere. */
export const NO_FILE = 'cluster';

export type FindingsReporter = (findings: Findings) => string;

export function findingsOfValidation({ results, kubernetesVersion }: ValidationReport): Findings {
  const objects = results.map((result) => ({
    object: result.object,
    file: result.source.file,
    isSkipped: result.skipped ?? false,
    findings: findingsOfResult(result),
  }));
  return { tool: 'kubeplan validate', kubernetesVersion, all: objects.flatMap(({ findings }) => findings), objects };
}

function findingsOfResult({
  source,
  object,
  valid,
  skipped,
  reason = 'Invalid',
  message = '',
  causes,
  warnings,
}: ValidationResult): Finding[] {
  const found: Finding[] = warnings.map((warning) => ({
    severity: 'warning',
    rule: 'APIWarning',
    message: warning,
    object,
    source,
  }));
  if (valid) return skipped ? [...found, { severity: 'info', rule: 'NotJudged', message, object, source }] : found;
  const named = causes.filter(({ field }) => field !== '');
  if (named.length === 0) return [...found, { severity: 'error', rule: reason, message, object, source }];
  return [
    ...found,
    ...named.map(({ field, reason: rule, message: text, line, column }) => ({
      severity: 'error' as const,
      rule: rule || reason,
      message: text,
      object,
      field,
      source: { ...source, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    })),
  ];
}

export function findingsOfPlan(plan: Plan): Findings {
  const diagnostics: Finding[] = plan.diagnostics.map(({ severity, code, message, object, field, source }) => ({
    severity,
    rule: code,
    message,
    ...(object ? { object } : {}),
    ...(field ? { field } : {}),
    ...(source ? { source } : {}),
  }));
  const sourceOf = sourcesOf(plan);
  const pending: Finding[] = plan.pending.map(({ pod, reason, message }) => {
    const object: ObjectRef = { apiVersion: 'v1', kind: 'Pod', ...pod };
    const source = sourceOf(addressOf(object));
    return { severity: 'error', rule: reason, message, object, ...(source ? { source } : {}) };
  });
  const all = [...diagnostics, ...pending];
  const objects = plan.changes
    .filter(({ origin }) => origin === 'submitted')
    .map(({ object }) => ({
      object,
      file: sourceOf(addressOf(object))?.file ?? '',
      isSkipped: false,
      findings: all.filter((finding) => finding.object && addressOf(finding.object) === addressOf(object)),
    }));
  return { tool: 'kubeplan plan', kubernetesVersion: plan.kubernetesVersion, all, objects };
}

/** Where the manifest stands that an object comes from in the end: the last link of its causes. */
function sourcesOf({ changes }: Plan): (address: string) => SourceLocation | undefined {
  const last = new Map(changes.map(({ object, because }) => [addressOf(object), because.at(-1)] as const));
  return (address) => {
    const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(last.get(address) ?? '') ?? [];
    return file ? { file, line: Number(line) } : undefined;
  };
}

/** The problem in one line: object, field, text. */
export function findingText({ object, field, message }: Finding): string {
  const subject = object ? `${addressOf(object)}: ` : '';
  return `${subject}${field && !message.startsWith(field) ? `${field}: ` : ''}${message}`;
}

/** Tells two findings apart across runs without depending on their line: FNV-1a over rule, object, field and text. */
export function fingerprint({ rule, object, field = '', message }: Finding): string {
  const text = [rule, object ? addressOf(object) : '', field, message].join('\n');
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}
