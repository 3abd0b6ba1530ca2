// Test Anything Protocol, version 13: a line for each object.
import { addressOf } from '../tree.ts';
import { type FindingsReporter, findingText } from './findings.ts';

export const tap: FindingsReporter = ({ objects }) => {
  const lines = objects.map(({ object, file, findings, isSkipped }, index) => {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const name = `${index + 1} - ${file} (${addressOf(object)})`.replaceAll('#', '\\#');
    if (isSkipped) return `ok ${name} # SKIP kind is not served`;
    if (errors.length === 0) return `ok ${name}`;
    const texts = errors.map((error) => `    - ${JSON.stringify(findingText(error))}`);
    return [`not ok ${name}`, '  ---', '  errors:', ...texts, '  ...'].join('\n');
  });
  return ['TAP version 13', `1..${objects.length}`, ...lines, ''].join('\n');
};
