// What the process says to scripts; documented in README.md and held by tests.

export const ExitCode = {
  ok: 0,
  /** The tool failed or was misused. */
  failed: 1,
  /** There are changes; only with --detailed-exitcode. */
  changes: 2,
  /** The API server would refuse something. */
  invalid: 3,
  /** Pods stay pending, a rollout stalls, a quota refuses. */
  notConverged: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
