// A validation report for a person: one line a problem, then the sums.
import type { ValidationReport, ValidationResult } from '../../planner/validation/validation-report.ts';
import { addressOf } from '../tree.ts';

export function validationText({ results, summary, kubernetesVersion }: ValidationReport): string {
  const lines = results.flatMap(problemLines);
  const { valid, invalid, skipped, errors } = summary;
  lines.push(
    `Kubernetes ${kubernetesVersion}: ${valid} valid, ${invalid} invalid, ${skipped} skipped${errors > 0 ? `, ${errors} unreadable` : ''}.`,
  );
  return `${lines.join('\n')}\n`;
}

function problemLines(result: ValidationResult): string[] {
  const { source, object, valid, causes, message = '', warnings } = result;
  const at = (line?: number, column?: number): string =>
    [source.file, line ?? source.line, line === undefined ? undefined : column]
      .filter((part) => part !== undefined)
      .join(':');
  const found = warnings.map((warning) => `${at()}: warning: ${addressOf(object)}: ${warning}`);
  if (valid) return result.skipped ? [...found, `${at()}: skipped: ${addressOf(object)}: ${message}`] : found;
  const named = causes.filter(({ field }) => field !== '');
  if (named.length === 0) return [...found, `${at()}: error: ${addressOf(object)}: ${message}`];
  return [
    ...found,
    ...named.map(
      (cause) => `${at(cause.line, cause.column)}: error: ${addressOf(object)}: ${cause.field}: ${cause.message}`,
    ),
  ];
}
