// docs/reference/diagnostics.md from the table of rules.
import { RULE_GROUPS } from '../../src/report/findings/rules.ts';
import { table } from './markdown.ts';

export function diagnosticsPage(): string {
  return [
    '# Diagnostics',
    '',
    'The `code` of a diagnostic, the rule of a finding in SARIF, JUnit, GitHub and GitLab outputs, and the name that `kubeplan.dev/ignore` and `suppressions` take.',
    '',
    ...RULE_GROUPS.flatMap(({ title, rules }) => [
      `## ${title}`,
      '',
      table(
        ['code', 'means'],
        rules.map(({ id, meaning }) => [`\`${id}\``, meaning]),
      ),
      '',
    ]),
  ].join('\n');
}
