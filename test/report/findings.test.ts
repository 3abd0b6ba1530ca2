// CI outputs against what their readers demand: required members, escapes, stable fingerprints.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { Parser } from 'tap-parser';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findingsOfPlan, findingsOfValidation, fingerprint } from '../../src/report/findings/findings.ts';
import { github } from '../../src/report/findings/github.ts';
import { gitlab } from '../../src/report/findings/gitlab.ts';
import { junit } from '../../src/report/findings/junit.ts';
import { sarif } from '../../src/report/findings/sarif.ts';
import { tap } from '../../src/report/findings/tap.ts';
import { makePlanDocument } from './plan-builder.ts';

const object = { apiVersion: 'v1', kind: 'Service', namespace: 'default', name: 'web' };
const findings = findingsOfValidation({
  apiVersion: 'kubeplan.dev/v1',
  kind: 'ValidationReport',
  formatVersion: '1.0',
  kubernetesVersion: '1.36',
  results: [
    {
      source: { file: 'a,b.yaml', line: 1, column: 1 },
      object,
      valid: false,
      code: 422,
      reason: 'Invalid',
      message: 'Service "web" is invalid: …',
      causes: [
        {
          field: 'spec.ports[0].port',
          reason: 'FieldValueInvalid',
          message: 'Invalid value: 0: 100% <wrong> & "odd"\nsecond line',
          line: 7,
          column: 5,
        },
      ],
      warnings: ['spec.x: old'],
    },
    {
      source: { file: 'c.yaml', line: 3 },
      object: { ...object, name: 'ok' },
      valid: true,
      code: 201,
      causes: [],
      warnings: [],
    },
    {
      source: { file: 'c.yaml', line: 9 },
      object: { ...object, kind: 'Gadget' },
      valid: true,
      skipped: true,
      code: 404,
      reason: 'NoMatch',
      message: 'no matches',
      causes: [],
      warnings: [],
    },
  ],
  summary: { valid: 1, invalid: 1, skipped: 1, errors: 0 },
});

const outputs = suite('CI outputs');
outputs('SARIF has what 2.1.0 requires, and a rule for every result', () => {
  const log = JSON.parse(sarif(findings));
  assert.is(log.version, '2.1.0');
  const [run] = log.runs;
  assert.ok(run.tool.driver.name);
  for (const result of run.results) {
    assert.is(run.tool.driver.rules[result.ruleIndex].id, result.ruleId);
    assert.ok(['error', 'warning', 'note'].includes(result.level));
    assert.ok(result.message.text);
    assert.match(result.partialFingerprints['kubeplan/v1'], /^[0-9a-f]{16}$/);
  }
  const [, cause] = run.results;
  assert.equal(cause.locations[0].physicalLocation.region, { startLine: 7, startColumn: 5 });
});
outputs('SARIF fits the published schema, with objects, fields, suppressions and without a file', () => {
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
  const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  const check = ajv.compile(schema);
  const all = [
    ...findings.all,
    { ...findings.all[1]!, suppressed: { reason: 'known', by: 'annotation' as const } },
    { ...findings.all[1]!, suppressed: { reason: 'known', by: 'baseline' as const } },
    { severity: 'error' as const, kind: 'stalled' as const, rule: 'StalledJob', message: 'nowhere' },
  ];
  assert.ok(check(JSON.parse(sarif({ ...findings, all }))), JSON.stringify(check.errors));
  const broken = JSON.parse(sarif(findings));
  broken.runs[0].results[0].level = 'fatal';
  assert.not.ok(check(broken), 'the schema refuses what is wrong');
});
outputs('JUnit is well-formed and counts', () => {
  const text = junit(findings);
  assert.is(XMLValidator.validate(text), true);
  const read = new XMLParser({ ignoreAttributes: false, isArray: (name) => /^test(suite|case)$/.test(name) }).parse(
    text,
  );
  const suites = read.testsuites.testsuite;
  for (const one of suites) assert.is(one.testcase.length, Number(one['@_tests']), one['@_name']);
  const failed = suites.flatMap((one: { testcase: { failure?: unknown }[] }) =>
    one.testcase.filter(({ failure }) => failure),
  );
  assert.is(failed.length, Number(read.testsuites['@_failures']));
  assert.match(text, /<testsuites name="kubeplan validate" tests="3" failures="1"/);
  assert.match(text, /&lt;wrong&gt; &amp; &quot;odd&quot;&#10;second line/);
  assert.match(text, /<skipped /);
  const open = [...text.matchAll(/<([a-z-]+)(?:\s[^>]*[^/])?>/g)].map(([, name]) => name).sort();
  const closed = [...text.matchAll(/<\/([a-z-]+)>/g)].map(([, name]) => name).sort();
  assert.equal(open, closed);
});
outputs('GitHub annotations escape what ends a command', () => {
  const [, line] = github(findings).split('\n');
  assert.is(
    line,
    '::error file=a%2Cb.yaml,line=7,col=5,title=FieldValueInvalid::Service default/web: spec.ports[0].port: Invalid value: 0: 100%25 <wrong> & "odd"%0Asecond line',
  );
});
outputs('GitLab issues have distinct fingerprints without lines', () => {
  const issues = JSON.parse(gitlab({ ...findings, all: [findings.all[1]!, findings.all[1]!] }));
  assert.is(new Set(issues.map(({ fingerprint }: { fingerprint: string }) => fingerprint)).size, 2);
  assert.equal(issues[0].location, { path: 'a,b.yaml', lines: { begin: 7 } });
  const [, cause] = findings.all;
  assert.is(fingerprint(cause!), fingerprint({ ...cause!, source: { file: 'moved.yaml', line: 99 } }));
});
outputs('TAP plans as many tests as there are objects', () => {
  const lines = tap(findings).split('\n');
  assert.equal(lines.slice(0, 3), ['TAP version 13', '1..3', 'not ok 1 - a,b.yaml (Service default/web)']);
  assert.ok(lines.includes('ok 2 - c.yaml (Service default/ok)'));
  assert.ok(lines.includes('ok 3 - c.yaml (Gadget default/web) # SKIP kind is not served'));
});
outputs('a TAP parser reads the same counts, with failures of no object too', () => {
  const loose = {
    severity: 'error' as const,
    kind: 'stalled' as const,
    rule: 'Broken',
    message: 'node # 1 is missing',
  };
  const results: { ok: boolean; name: string }[] = [];
  const parser = new Parser((final) => {
    assert.ok(final.ok === false && final.bailout === false, 'it fails as a whole');
    assert.equal([final.count, final.pass, final.fail, final.skip], [4, 2, 2, 1]);
    assert.equal(final.plan.end, 4);
  });
  parser.on('assert', ({ ok, name }) => results.push({ ok, name }));
  parser.end(tap({ ...findings, all: [...findings.all, loose] }));
  assert.match(results.at(-1)?.name ?? '', /node .*# 1 is missing/);
});
outputs('a refused object is judged though it changes nothing, and a pending pod fails its workload', () => {
  const plan = makePlanDocument({
    converged: false,
    pending: [{ pod: { namespace: 'default', name: 'web-1-a' }, reason: 'Unschedulable', message: 'm' }],
    diagnostics: [
      {
        severity: 'error',
        code: 'FieldValueInvalid',
        message: 'm',
        object: { ...object, name: 'B_D' },
        source: { file: 'b.yaml', line: 2 },
      },
    ],
  });
  assert.equal(
    findingsOfPlan(plan).objects.map(({ object: { name }, file, findings: found }) => [name, file, found.length]),
    [
      ['web', 'web.yaml', 1],
      ['web', 'web.yaml', 0],
      ['B_D', 'b.yaml', 1],
    ],
  );
});
outputs('what stands in no file is at `cluster`, since CI systems refuse a finding that is nowhere', () => {
  const all = [{ severity: 'error' as const, kind: 'refused' as const, rule: 'Broken', message: 'a node is missing' }];
  const [result] = JSON.parse(sarif({ ...findings, all })).runs[0].results;
  assert.is(result.locations[0].physicalLocation.artifactLocation.uri, 'cluster');
  assert.is(JSON.parse(gitlab({ ...findings, all }))[0].location.path, 'cluster');
  assert.match(junit({ ...findings, all, objects: [] }), '<testsuite name="cluster" tests="1" failures="1"');
});
outputs('SARIF has no more results than code scanning takes, GitLab no severity that it does not know', () => {
  const all = Array.from({ length: 25_001 }, () => findings.all[0]!);
  assert.is(JSON.parse(sarif({ ...findings, all })).runs[0].results.length, 25_000);
  for (const { severity } of JSON.parse(gitlab(findings)))
    assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(severity));
});
outputs("a pending pod is a finding at its Deployment's line", () => {
  const plan = makePlanDocument({
    converged: false,
    pending: [
      { pod: { namespace: 'default', name: 'web-1-a' }, reason: 'Unschedulable', message: '0/3 nodes are available.' },
    ],
  });
  const [pending] = findingsOfPlan(plan).all;
  assert.equal([pending?.rule, pending?.source], ['Unschedulable', { file: 'web.yaml', line: 1 }]);
});
outputs.run();
