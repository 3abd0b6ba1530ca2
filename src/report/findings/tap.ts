// Test Anything Protocol, version 13: a line for each object.
import { addressOf } from '../tree.ts';
import { type FindingsReporter, findingText, looseErrors } from './findings.ts';

export const tap: FindingsReporter = (findings) => {
  const { objects } = findings;
  const lines = objects.map(({ object, file, findings: found, isSkipped }, index) => {
    const errors = found.filter(({ severity }) => severity === 'error');
    const name = `${index + 1} - ${file} (${addressOf(object)})`.replaceAll('#', '\\#');
    if (isSkipped) return `ok ${name} # SKIP kind is not served`;
    if (errors.length === 0) return `ok ${name}`;
    // TAP's way to say that a failure is known.
    const known = errors.every(({ suppressed }) => suppressed)
      ? ` # TODO ${oneLine(errors[0]!.suppressed!.reason)}`
      : '';
    const texts = errors.map((error) => `    - ${JSON.stringify(findingText(error))}`);
    return [`not ok ${name}${known}`, '  ---', '  errors:', ...texts, '  ...'].join('\n');
  });
  const loose = looseErrors(findings).map(
    (finding, index) =>
      `not ok ${objects.length + index + 1} - ${oneLine(findingText(finding)).replaceAll('#', '\\#')}`,
  );
  return ['TAP version 13', `1..${lines.length + loose.length}`, ...lines, ...loose, ''].join('\n');
};

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
