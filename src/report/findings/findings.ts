// What CI outputs show: every problem of a plan or a validation in one form, and the objects that were looked at.
import type { Diagnostic, ObjectRef, SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { Plan, SuppressedProblem } from '../../planner/changes/plan.ts';
import type { ValidationReport, ValidationResult } from '../../planner/validation/validation-report.ts';
import { addressOf } from '../tree.ts';
import { placeText } from './place-text.ts';

export type Severity = 'error' | 'warning' | 'info';

/** What a finding means for the plan; `--fail-on` speaks of these. */
export type FindingKind = 'refused' | 'pending' | 'stalled' | 'unknown' | 'warning' | 'other';

export interface Finding {
  readonly severity: Severity;
  /** Stable name of the rule: a cause reason (`FieldValueInvalid`), a diagnostic's code, `Unschedulable`. */
  readonly rule: string;
  readonly message: string;
  readonly object?: ObjectRef;
  readonly field?: string;
  readonly source?: SourceLocation;
  readonly kind: FindingKind;
  /** The submitted object behind a pod that the cluster made up, or a stalled one itself: it outlives names and messages. */
  readonly root?: string;
  /** Set when a user declared it known. */
  readonly suppressed?: Pick<SuppressedProblem, 'reason' | 'by'>;
}

/** An object that was judged, with what was found about it: a test case in CI's eyes. */
export interface CheckedObject {
  readonly object: ObjectRef;
  readonly file: string;
  readonly isSkipped: boolean;
  readonly findings: readonly Finding[];
}

interface Findings {
  /** `kubeplan plan` or `kubeplan validate`. */
  readonly tool: string;
  readonly kubernetesVersion: string;
  readonly all: readonly Finding[];
  readonly objects: readonly CheckedObject[];
}

/** Where a finding is said to be that stands in no file: CI systems refuse reports with a finding that is nowhere. */
export const NO_FILE = 'cluster';

export type FindingsReporter = (findings: Findings) => string;

/** Gates and outputs look at the same report one after the other. */
const OF_VALIDATION = new WeakMap<ValidationReport, Findings>();

export function findingsOfValidation(report: ValidationReport): Findings {
  const known = OF_VALIDATION.get(report);
  if (known) return known;
  const { results, kubernetesVersion, diagnostics = [], suppressed } = report;
  const mark = marker(suppressed);
  const of = diagnosticsByObject(diagnostics);
  const objects = results.map((result) => ({
    object: result.object,
    file: result.source.file,
    isSkipped: result.skipped ?? false,
    findings: withoutCopy(findingsOfResult(result), of(result)).map(mark),
  }));
  const all = objects.flatMap(({ findings }) => findings);
  const findings: Findings = { tool: 'kubeplan validate', kubernetesVersion, all, objects };
  OF_VALIDATION.set(report, findings);
  return findings;
}

const NONE: readonly Finding[] = [];

/** Most objects are valid: nothing is to be joined. */
function withoutCopy(verdict: readonly Finding[], beside: readonly Finding[]): readonly Finding[] {
  return beside.length === 0 ? verdict : [...verdict, ...beside];
}

/** What was found about an object beside the API server's verdict, told with the first result of that object in that file. */
function diagnosticsByObject(diagnostics: readonly Diagnostic[]): (result: ValidationResult) => readonly Finding[] {
  if (diagnostics.length === 0) return () => NONE;
  const keyOf = (file: string | undefined, object: ObjectRef | undefined) =>
    `${file ?? ''} ${object?.kind} ${object?.namespace} ${object?.name}`;
  const found = new Map<string, Finding[]>();
  for (const diagnostic of diagnostics) {
    const { message, nextStep, related = [], source, object } = diagnostic;
    const see = related.map((place) => ` See ${placeText(place)}.`).join('');
    const finding = ofDiagnostic({ ...diagnostic, message: nextStep ? `${message}. ${nextStep}${see}` : message });
    const key = keyOf(source?.file, object);
    const known = found.get(key);
    if (known) known.push(finding);
    else found.set(key, [finding]);
  }
  return ({ source, object }) => {
    const key = keyOf(source.file, object);
    const findings = found.get(key);
    if (!findings) return NONE;
    found.delete(key);
    return findings;
  };
}

/** What is wrong with one object, as the API server says it. */
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
    kind: 'warning',
    rule: 'APIWarning',
    message: warning,
    object,
    source,
  }));
  if (valid)
    return skipped
      ? [...found, { severity: 'info', kind: 'unknown', rule: 'NotJudged', message, object, source }]
      : found;
  const named = causes.filter(({ field }) => field !== '');
  if (named.length === 0)
    return [...found, { severity: 'error', kind: 'refused', rule: reason, message, object, source }];
  return [
    ...found,
    ...named.map(({ field, reason: rule, message: text, line, column }) => ({
      severity: 'error' as const,
      kind: 'refused' as const,
      rule: rule || reason,
      message: text,
      object,
      field,
      source: { ...source, ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) },
    })),
  ];
}

export function findingsOfPlan(plan: Plan): Findings {
  const mark = marker(plan.suppressed);
  const diagnostics = plan.diagnostics.map(ofDiagnostic);
  const originOf = originsOf(plan);
  const pending: Finding[] = plan.pending.map(({ pod, reason, message }) => {
    const object: ObjectRef = { apiVersion: 'v1', kind: 'Pod', ...pod };
    const { source, root } = originOf(addressOf(object));
    return {
      severity: 'error',
      kind: 'pending',
      rule: reason,
      message,
      object,
      ...(source ? { source } : {}),
      ...(root ? { root } : {}),
    };
  });
  const all = [...diagnostics, ...pending].map(mark);
  const byObject = new Map<string, Finding[]>();
  for (const finding of all) {
    const address = finding.root ?? (finding.object && addressOf(finding.object));
    if (address === undefined) continue;
    const known = byObject.get(address);
    if (known) known.push(finding);
    else byObject.set(address, [finding]);
  }
  const submitted = plan.changes.filter(({ origin }) => origin === 'submitted').map(({ object }) => object);
  const known = new Set(submitted.map(addressOf));
  // What the API server refuses changes nothing, and was judged all the same.
  const refused = new Map<string, Finding>();
  for (const finding of diagnostics) {
    if (finding.kind !== 'refused' || !finding.object || known.has(addressOf(finding.object))) continue;
    refused.set(addressOf(finding.object), finding);
  }
  const objects = [
    ...submitted.map((object) => ({ object, file: originOf(addressOf(object)).source?.file ?? '' })),
    ...[...refused.values()].map(({ object, source }) => ({ object: object!, file: source?.file ?? '' })),
  ].map((checked) => ({ ...checked, isSkipped: false, findings: byObject.get(addressOf(checked.object)) ?? [] }));
  return { tool: 'kubeplan plan', kubernetesVersion: plan.kubernetesVersion, all, objects };
}

/** Kinds and rules that nobody judged, so that a clean result does not vouch for them. */
const UNKNOWN: ReadonlySet<string> = new Set(['UnknownKind', 'NotJudged', 'NotSimulated', 'InventoryKindNotSimulated']);

function ofDiagnostic({ severity, code, message, object, field, source }: Diagnostic): Finding {
  const kind = UNKNOWN.has(code)
    ? 'unknown'
    : severity !== 'error'
      ? severity === 'warning'
        ? 'warning'
        : 'other'
      : code.startsWith('Stalled')
        ? 'stalled'
        : 'refused';
  return {
    severity,
    kind,
    rule: code,
    message,
    ...(object ? { object } : {}),
    ...(field ? { field } : {}),
    ...(source ? { source } : {}),
    ...(kind === 'stalled' && object ? { root: addressOf(object) } : {}),
  };
}

function marker(suppressed: readonly SuppressedProblem[] = []): (finding: Finding) => Finding {
  if (suppressed.length === 0) return (finding) => finding;
  const known = new Map(suppressed.map(({ fingerprint: print, reason, by }) => [print, { reason, by }] as const));
  return (finding) => {
    const found = known.get(fingerprint(finding));
    return found ? { ...finding, suppressed: found } : finding;
  };
}

interface Origin {
  readonly source?: SourceLocation;
  readonly root?: string;
}

/** The manifest and the submitted object that an object comes from in the end: the last links of its causes. */
function originsOf({ changes }: Plan): (address: string) => Origin {
  const chains = new Map(changes.map(({ object, because }) => [addressOf(object), because] as const));
  return (address) => {
    const chain = chains.get(address) ?? [];
    const [, file, line] = /^(.*?):(\d+)(?::\d+)?$/.exec(chain.at(-1) ?? '') ?? [];
    const root = file === undefined ? chain.at(-1) : chain.at(-2);
    return { ...(file ? { source: { file, line: Number(line) } } : {}), ...(root ? { root } : {}) };
  };
}

/** The problem in one line: object, field, text. */
export function findingText({ object, field, message }: Finding): string {
  const subject = object ? `${addressOf(object)}: ` : '';
  return `${subject}${field && !message.startsWith(field) ? `${field}: ` : ''}${message}`;
}

/**
 * Tells two findings apart across runs without depending on their line: FNV-1a over rule, object, field and text. Of a pending pod
 * or a stalled workload only the workload counts: names of pods change with the template, messages with the nodes.
 */
export function fingerprint({ rule, object, field = '', message, root }: Finding): string {
  const subject = root ?? (object ? addressOf(object) : '');
  return hashOf([rule, subject, field, root === undefined ? message : ''].join('\n'));
}

function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, '0');
}

/** Errors that belong to none of the objects that were looked at. */
export function looseErrors({ all, objects }: Findings): readonly Finding[] {
  const covered = new Set(objects.flatMap(({ findings }) => findings));
  return all.filter((finding) => !covered.has(finding) && finding.severity === 'error' && !finding.suppressed);
}

/** The plan with only those problems that nobody declared known. */
export function withOpenProblems(plan: Plan): Plan {
  if (!plan.suppressed) return plan;
  const { all } = findingsOfPlan(plan);
  const isOpen = (index: number): boolean => all[index]?.suppressed === undefined;
  return {
    ...plan,
    diagnostics: plan.diagnostics.filter((_, index) => isOpen(index)),
    pending: plan.pending.filter((_, index) => isOpen(plan.diagnostics.length + index)),
  };
}

/** How many are suppressed and why, one line a reason: `2 × Unschedulable: … (annotation)`. */
export function suppressedLines({ all }: Findings): string[] {
  const counts = new Map<string, number>();
  for (const { rule, suppressed } of all) {
    if (!suppressed) continue;
    const line = `${rule}: ${suppressed.reason} (${suppressed.by})`;
    counts.set(line, (counts.get(line) ?? 0) + 1);
  }
  return [...counts].map(([line, count]) => `${count} × ${line}`);
}
