// SARIF 2.1.0 for code scanning: rules by name, results with locations and fingerprints that outlive moved lines.
// Contract: OASIS SARIF 2.1.0; GitHub takes 25,000 results a run and merges alerts by partialFingerprints.
import { type Finding, type FindingsReporter, findingText, fingerprint, NO_FILE, type Severity } from './findings.ts';
import { meaningOf } from './rules.ts';

const LEVEL: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };
const MOST_RESULTS = 25_000;
const INFORMATION = 'https://kubeplan.dev';

export const sarif: FindingsReporter = ({ all, tool, kubernetesVersion }) => {
  const rules = [...new Set(all.map(({ rule }) => rule))].sort();
  const results = all.slice(0, MOST_RESULTS).map((finding) => resultOf(finding, rules));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kubeplan',
            informationUri: INFORMATION,
            rules: rules.map((id) => ({
              id,
              shortDescription: { text: meaningOf(id) },
              defaultConfiguration: { level: levelOf(id, all) },
            })),
          },
        },
        automationDetails: { id: `${tool.replace(' ', '/')}/${kubernetesVersion}` },
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

/** The worst level of a rule in this run: code scanning shows it beside the rule. */
function levelOf(id: string, all: readonly Finding[]): string {
  const levels = new Set(all.filter(({ rule }) => rule === id).map(({ severity }) => LEVEL[severity]));
  return levels.has('error') ? 'error' : levels.has('warning') ? 'warning' : 'note';
}

function resultOf(finding: Finding, rules: readonly string[]): object {
  const { rule, severity, source, object } = finding;
  const region =
    source?.line === undefined
      ? {}
      : { region: { startLine: source.line, ...(source.column === undefined ? {} : { startColumn: source.column }) } };
  const logical = object
    ? {
        logicalLocations: [
          {
            fullyQualifiedName: [object.apiVersion, object.kind, object.namespace, object.name]
              .filter(Boolean)
              .join('/'),
          },
        ],
      }
    : {};
  return {
    ruleId: rule,
    ruleIndex: rules.indexOf(rule),
    level: LEVEL[severity],
    message: { text: findingText(finding) },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: uriOf(source?.file || NO_FILE) }, ...region },
        ...logical,
      },
    ],
    ...(finding.suppressed
      ? {
          suppressions: [
            {
              kind: finding.suppressed.by === 'annotation' ? 'inSource' : 'external',
              status: 'accepted',
              justification: finding.suppressed.reason,
            },
          ],
        }
      : {}),
    partialFingerprints: { 'kubeplan/v1': fingerprint(finding) },
  };
}

/** A path relative to the repository as a URI; backslashes and a leading ./ would keep alerts from merging. */
function uriOf(file: string): string {
  return encodeURI(file.replaceAll('\\', '/').replace(/^\.\//, ''));
}
