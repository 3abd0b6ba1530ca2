// A validation report for a person: one line a problem, then what is suppressed and the sums.
import type { ValidationReport } from '../../planner/validation/validation-report.ts';
import { type Finding, findingsOfValidation, suppressedLines } from '../findings/findings.ts';
import { placeText } from '../findings/place-text.ts';
import { addressOf } from '../tree.ts';

export function validationText(report: ValidationReport): string {
  const { summary, kubernetesVersion } = report;
  const findings = findingsOfValidation(report);
  const lines = findings.all.filter(({ suppressed }) => !suppressed).map(problemLine);
  lines.push(...suppressedLines(findings).map((line) => `suppressed: ${line}`));
  const { valid, invalid, skipped, errors } = summary;
  lines.push(
    `Kubernetes ${kubernetesVersion}: ${valid} valid, ${invalid} invalid, ${skipped} skipped${errors > 0 ? `, ${errors} unreadable` : ''}.`,
  );
  return `${lines.join('\n')}\n`;
}

function problemLine({ severity, kind, object, field, message, source }: Finding): string {
  const { column, ...line } = source ?? { file: '' };
  const place = source && placeText(field === undefined || column === undefined ? line : { ...line, column });
  const word = kind === 'unknown' && severity === 'info' ? 'skipped' : severity;
  return [place, word, object && addressOf(object), field, message].filter(Boolean).join(': ');
}
