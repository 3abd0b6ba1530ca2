// What `kubeplan validate` answers: the API server's verdict on every submitted object. Public document, versioned with the plan's.
import type { Diagnostic, ObjectRef, SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { SuppressedProblem } from '../changes/plan.ts';

export interface ValidationCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface ValidationResult {
  readonly source: SourceLocation;
  readonly object: ObjectRef;
  /** Version that judged, where several were asked. */
  readonly kubernetesVersion?: string;
  /** Absent verdict: the kind is not served and was skipped. */
  readonly valid: boolean;
  readonly skipped?: boolean;
  /** HTTP status of the answer. */
  readonly code: number;
  readonly reason?: string;
  readonly message?: string;
  readonly causes: readonly ValidationCause[];
  readonly warnings: readonly string[];
}

export interface ValidationReport {
  readonly apiVersion: 'kubeplan.dev/v1';
  readonly kind: 'ValidationReport';
  readonly formatVersion: '1.0';
  readonly kubernetesVersion: string;
  readonly results: readonly ValidationResult[];
  readonly summary: {
    readonly valid: number;
    readonly invalid: number;
    readonly skipped: number;
    /** Files and documents that could not be read as objects. */
    readonly errors: number;
  };
  /** What the API server does not say: references that lead nowhere. Absent when there is none. */
  readonly diagnostics?: readonly Diagnostic[];
  /** Absent when nothing is suppressed. */
  readonly suppressed?: readonly SuppressedProblem[];
}
