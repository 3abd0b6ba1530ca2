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
