// The outputs that show problems, for `plan` and `validate` alike. A new one is a file with one FindingsReporter and a line here.
import type { FindingsReporter } from './findings.ts';

export const findingsReporters = {
  sarif: async () => (await import('./sarif.ts')).sarif,
  junit: async () => (await import('./junit.ts')).junit,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  tap: async () => (await import('./tap.ts')).tap,
} satisfies Readonly<Record<string, () => Promise<FindingsReporter>>>;

export type FindingsFormat = keyof typeof findingsReporters;
