// One finding told to the user: what is wrong, about which object and field, where it is written, what to do.

type Severity = 'error' | 'warning' | 'info';

export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}

export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  /** The template that the text was made from, where a comment of helm's names it. */
  readonly template?: string;
}

export interface Diagnostic {
  readonly severity: Severity;
  /** Stable and made for filters: lower case words joined by dashes. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly object?: ObjectRef;
  readonly field?: string;
  readonly source?: SourceLocation;
  readonly nextStep?: string;
  readonly related?: readonly SourceLocation[];
}

const SEVERITY_ORDER: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}

/** A total order for printing: worst first, then by place, object, field, code and words. */
export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  return (
    SEVERITY_ORDER[a.severity] - SEVERITY_ORDER[b.severity] ||
    compareSources(a.source, b.source) ||
    compareObjectRefs(a.object, b.object) ||
    compareText(a.field, b.field) ||
    compareText(a.code, b.code) ||
    compareText(a.message, b.message) ||
    compareText(a.detail, b.detail)
  );
}

/** Findings without a place come after those with one. */
function compareSources(a: SourceLocation | undefined, b: SourceLocation | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  return compareText(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function compareObjectRefs(a: ObjectRef | undefined, b: ObjectRef | undefined): number {
  if (a === undefined || b === undefined) return (a === undefined ? 1 : 0) - (b === undefined ? 1 : 0);
  return (
    compareText(a.apiVersion, b.apiVersion) ||
    compareText(a.kind, b.kind) ||
    compareText(a.namespace, b.namespace) ||
    compareText(a.name, b.name)
  );
}

function compareText(a: string | undefined, b: string | undefined): number {
  const x = a ?? '';
  const y = b ?? '';
  return x === y ? 0 : x < y ? -1 : 1;
}
