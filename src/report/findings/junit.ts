// JUnit XML: a suite for each file, a test case for each object, a failure for each error with its line.
// Contract: what GitLab, Jenkins and Azure read (the layout of kubeconform's JUnit output).
import { addressOf } from '../tree.ts';
import {
  type CheckedObject,
  type Finding,
  type FindingsReporter,
  findingText,
  looseErrors,
  NO_FILE,
} from './findings.ts';
import { placeText } from './place-text.ts';

export const junit: FindingsReporter = (findings) => {
  const { tool, objects } = findings;
  const byFile = new Map<string, CheckedObject[]>();
  for (const checked of objects) {
    const list = byFile.get(checked.file);
    if (list) list.push(checked);
    else byFile.set(checked.file, [checked]);
  }
  const loose = looseErrors(findings);
  const suites = [...byFile].map(([file, list]) => suiteOf(file, list));
  if (loose.length > 0) suites.push(looseSuite(loose));
  const total = suites.reduce((sum, { tests }) => sum + tests, 0);
  const failures = suites.reduce((sum, { failed }) => sum + failed, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(tool)}" tests="${total}" failures="${failures}" errors="0" time="0">`,
    ...suites.map(({ text }) => text),
    '</testsuites>',
    '',
  ].join('\n');
};

interface Suite {
  readonly tests: number;
  readonly failed: number;
  readonly text: string;
}

function suiteOf(file: string, objects: readonly CheckedObject[]): Suite {
  const failed = objects.filter(({ findings }) => findings.some(isError)).length;
  const skipped = objects.filter(({ isSkipped }) => isSkipped).length;
  const name = xml(file || NO_FILE);
  const cases = objects.map((checked) => caseOf(checked, name)).join('\n');
  return {
    tests: objects.length,
    failed,
    text: `  <testsuite name="${name}" tests="${objects.length}" failures="${failed}" errors="0" skipped="${skipped}" time="0">\n${cases}\n  </testsuite>`,
  };
}

function caseOf({ object, isSkipped, findings }: CheckedObject, classname: string): string {
  const open = `    <testcase name="${xml(addressOf(object))}" classname="${classname}" time="0">`;
  const inside = [
    ...findings.filter(isError).map(failure),
    ...(isSkipped ? ['      <skipped message="kind is not served"></skipped>'] : []),
  ];
  const said = findings
    .filter(({ severity, suppressed }) => severity === 'warning' || suppressed)
    .map(({ message, suppressed }) => (suppressed ? `suppressed (${suppressed.reason}): ${message}` : message));
  if (said.length > 0) inside.push(`      <system-out>${xml(said.join('\n'))}</system-out>`);
  return inside.length === 0 ? `${open}</testcase>` : `${open}\n${inside.join('\n')}\n    </testcase>`;
}

function looseSuite(findings: readonly Finding[]): Suite {
  const cases = findings.map(
    (finding) =>
      `    <testcase name="${xml(finding.rule)}" classname="cluster" time="0">\n${failure(finding)}\n    </testcase>`,
  );
  return {
    tests: findings.length,
    failed: findings.length,
    text: `  <testsuite name="cluster" tests="${findings.length}" failures="${findings.length}" errors="0" skipped="0" time="0">\n${cases.join('\n')}\n  </testsuite>`,
  };
}

function failure(finding: Finding): string {
  const { source, rule } = finding;
  const place = source ? `${placeText(source)}\n` : '';
  return `      <failure message="${xml(findingText(finding))}" type="${xml(rule)}">${xml(place + findingText(finding))}</failure>`;
}

function isError({ severity, suppressed }: Finding): boolean {
  return severity === 'error' && !suppressed;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\n': '&#10;',
};

/** XML 1.0 has no place for most control characters: they become a replacement character. */
function xml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"'\n]/g, (letter) => ENTITIES[letter]!);
}
