// Annotations for a GitHub workflow log.
// Contract: workflow commands `::error file=…,line=…,col=…,title=…::message`; %, CR, LF escaped, in properties : and , too.
import { type Finding, type FindingsReporter, findingText, type Severity, suppressedLines } from './findings.ts';

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

export const github: FindingsReporter = (findings) => {
  const shown = findings.all.filter(({ suppressed }) => !suppressed);
  const notes = suppressedLines(findings).map((line) => `::notice title=Suppressed::${escapeData(line)}\n`);
  return `${annotations(shown)}${notes.join('')}`;
};

function annotations(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const { severity, rule, source } = finding;
      const properties = [
        ...(source ? [`file=${escapeProperty(source.file)}`] : []),
        ...(source?.line === undefined ? [] : [`line=${source.line}`]),
        ...(source?.column === undefined ? [] : [`col=${source.column}`]),
        `title=${escapeProperty(rule)}`,
      ];
      return `::${COMMAND[severity]} ${properties.join(',')}::${escapeData(findingText(finding))}\n`;
    })
    .join('');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
