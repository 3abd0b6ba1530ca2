// kubeplan validate: verdicts with positions, several versions, outputs, names that stand twice.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ValidationReport } from '../../src/planner/validation/validation-report.ts';
import { runCommand } from './test-io.ts';

const POD =
  'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\n  namespace: shop\nspec:\n  containers:\n    - name: c\n      image: x\n';

const validate = suite<{ folder: string }>('validate');
validate.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'kubeplan-'));
});
validate.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

async function report(
  folder: string,
  text: string,
  ...args: string[]
): Promise<{ code: number; report: ValidationReport }> {
  const path = join(folder, 'in.yaml');
  writeFileSync(path, text);
  const { code, stdout } = await runCommand(['validate', '-f', path, '-o', 'json', ...args]);
  return { code, report: JSON.parse(stdout) as ValidationReport };
}

validate('the guestbook is valid', async () => {
  const { code, stdout } = await runCommand(['validate', '-f', 'fixtures/guestbook/create/manifests']);
  assert.is(code, 0);
  assert.match(stdout, /Kubernetes 1\.36: 6 valid, 0 invalid, 0 skipped\./);
});
validate('each cause stands at the line and column of its field', async ({ folder }) => {
  const { code, report: given } = await report(
    folder,
    POD.replace('name: c', 'name: C_C').replace('image: x', 'image: ""'),
  );
  assert.is(code, 3);
  assert.equal(
    given.results[0]?.causes.map(({ field, line, column }) => [field, line, column]),
    [
      ['spec.containers[0].name', 8, 7],
      ['spec.containers[0].image', 9, 7],
    ],
  );
});
validate('a namespace that is not among the manifests is taken to exist', async ({ folder }) => {
  assert.is((await report(folder, POD)).code, 0);
});
validate('the same name in two documents is no clash', async ({ folder }) => {
  const { code, report: given } = await report(folder, `${POD}---\n${POD}`);
  assert.is(code, 0);
  assert.is(given.summary.valid, 2);
});
validate('a limit range among the manifests decides about the pods', async ({ folder }) => {
  const range =
    'apiVersion: v1\nkind: LimitRange\nmetadata: {name: l, namespace: shop}\nspec:\n  limits:\n    - {type: Container, max: {cpu: "1"}}\n';
  const { code, report: given } = await report(
    folder,
    `${POD.replace('image: x', 'image: x\n      resources: {limits: {cpu: "2"}}')}---\n${range}`,
  );
  assert.is(code, 3);
  assert.match(given.results[0]?.message ?? '', /maximum cpu usage per Container is 1, but limit is 2/);
});
validate('--validate=warn turns unknown fields into warnings', async ({ folder }) => {
  const text = POD.replace('image: x', 'image: x\n      imagee: y');
  assert.is((await report(folder, text)).code, 3);
  const { code, report: given } = await report(folder, text, '--validate', 'warn');
  assert.is(code, 0);
  assert.equal(given.results[0]?.warnings, ['unknown field "spec.containers[0].imagee"']);
});
validate('kinds that are not served are refused, or skipped and counted', async ({ folder }) => {
  const text = 'apiVersion: example.com/v1\nkind: Gadget\nmetadata: {name: g}\n';
  assert.is((await report(folder, text)).code, 3);
  const { code, report: given } = await report(folder, text, '--ignore-missing-schemas');
  assert.is(code, 0);
  assert.is(given.summary.skipped, 1);
});
validate('several Kubernetes versions judge in one run', async ({ folder }) => {
  const { report: given } = await report(folder, POD, '--kubernetes-version', '1.34', '--kubernetes-version', '1.36');
  assert.equal(
    given.results.map(({ kubernetesVersion, valid }) => [kubernetesVersion, valid]),
    [
      ['1.34', true],
      ['1.36', true],
    ],
  );
});
validate('secret values stand in no message', async ({ folder }) => {
  const text =
    'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ntype: kubernetes.io/tls\ndata:\n  bad key!: aHVudGVyMg==\nstringData:\n  tls.crt: hunter2\n';
  const path = join(folder, 'secret.yaml');
  writeFileSync(path, text);
  for (const output of ['text', 'json', 'sarif', 'junit']) {
    const { stdout } = await runCommand(['validate', '-f', path, '-o', output]);
    assert.not.match(stdout, /hunter2|aHVudGVyMg/, output);
  }
});

const DEPLOYMENT = (spec: string, metadata = 'name: web') =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {${metadata}}\nspec:\n  selector: {matchLabels: {app: web}}\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n${spec}      containers: [{name: c, image: i}]\n`;
const ACCOUNT = (metadata: string) => `apiVersion: v1\nkind: ServiceAccount\nmetadata: {${metadata}}\n`;
const SERVICE = (selector: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: ${selector}\n  ports: [{port: 80}]\n`;
const POLICY = (name: string, resources: string, expression: string, more = '', binding = ''): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: ${name}}
spec:
  matchConstraints: {resourceRules: [{apiGroups: ["*"], apiVersions: ["*"], operations: [CREATE], resources: [${resources}]}]}
  validations: [{expression: "${expression}"}]
${more}---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: ${name}}
spec: {policyName: ${name}, validationActions: [Deny]${binding}}
`;
const MUTATION = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicy
metadata: {name: replicas}
spec:
  reinvocationPolicy: Never
  matchConstraints: {resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]}
  mutations: [{patchType: ApplyConfiguration, applyConfiguration: {expression: "Object{spec: Object.spec{replicas: 7}}"}}]
---
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingAdmissionPolicyBinding
metadata: {name: replicas}
spec: {policyName: replicas}
`;
const LIMITS = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: limits}\ndata: {most: "5"}\n';
const policies: readonly (readonly [situation: string, documents: readonly string[], refused: readonly string[]])[] = [
  [
    'a policy judges what stands before it and behind it',
    [DEPLOYMENT(''), POLICY('none', 'deployments', 'false'), DEPLOYMENT('').replace('name: web', 'name: other')],
    [
      `ValidatingAdmissionPolicy 'none' with binding 'none' denied request: failed expression: false`,
      `ValidatingAdmissionPolicy 'none' with binding 'none' denied request: failed expression: false`,
    ],
  ],
  [
    'a policy judges kinds that decide about others as well',
    [ACCOUNT('name: sa'), POLICY('none', 'serviceaccounts', 'false')],
    [`ValidatingAdmissionPolicy 'none' with binding 'none' denied request: failed expression: false`],
  ],
  ['a policy judges no policy', [POLICY('none', "'*'", 'false')], []],
  [
    'a policy finds its parameters among the manifests',
    [
      DEPLOYMENT('').replace('spec:\n', 'spec:\n  replicas: 6\n'),
      POLICY(
        'most',
        'deployments',
        'object.spec.replicas <= int(params.data.most)',
        '  paramKind: {apiVersion: v1, kind: ConfigMap}\n',
        ', paramRef: {name: limits, namespace: default, parameterNotFoundAction: Deny}',
      ),
      LIMITS,
    ],
    [
      `ValidatingAdmissionPolicy 'most' with binding 'most' denied request: failed expression: object.spec.replicas <= int(params.data.most)`,
    ],
  ],
  [
    'a mutation comes before a validation',
    [DEPLOYMENT(''), MUTATION, POLICY('few', 'deployments', 'object.spec.replicas < 7')],
    [`ValidatingAdmissionPolicy 'few' with binding 'few' denied request: failed expression: object.spec.replicas < 7`],
  ],
];
for (const [situation, documents, refused] of policies)
  validate(`policies among the manifests: ${situation}`, async ({ folder }) => {
    const { report: given } = await report(folder, documents.join('---\n'));
    const said = given.results.flatMap(({ valid, message = '' }) =>
      valid ? [] : [message.replace(/^.*? is forbidden: /, '')],
    );
    assert.equal(said, refused);
  });

const references: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  [
    'an account that is among the manifests: nothing to say',
    [DEPLOYMENT('      serviceAccountName: sa\n'), ACCOUNT('name: sa')],
    [],
  ],
  [
    'an account that is not: a warning at the reference',
    [DEPLOYMENT('      serviceAccountName: sa\n')],
    ['9:7 ServiceAccount default/sa is not among the manifests'],
  ],
  [
    'an account of nearly that name: its place as well',
    [DEPLOYMENT('      serviceAccountName: builder\n'), ACCOUNT('name: builders')],
    ['9:7 ServiceAccount default/builder is not among the manifests: Did you mean builders? 12'],
  ],
  [
    'an account of that name in another namespace: its place as well',
    [DEPLOYMENT('      serviceAccountName: sa\n'), ACCOUNT('name: sa, namespace: shop')],
    [
      '9:7 ServiceAccount default/sa is not among the manifests: ServiceAccount sa is in namespace shop, and a reference stays within its own. 12',
    ],
  ],
  [
    'the config map that every namespace has: nothing to say',
    [DEPLOYMENT('      volumes: [{name: v, configMap: {name: kube-root-ca.crt}}]\n')],
    [],
  ],
  ['a Service whose selector fits a template: nothing to say', [DEPLOYMENT(''), SERVICE('{app: web}')], []],
  [
    'a Service whose selector fits none: the nearest labels as well',
    [DEPLOYMENT(''), SERVICE('{app: web, tier: front}')],
    ['15:3 selector app=web,tier=front matches no pod: Nearest are the pods of Deployment web, with other labels. 7'],
  ],
  ['a Service without selector: nothing to say', [SERVICE('{}')], []],
  [
    'a reference of what is refused: only the refusal',
    [DEPLOYMENT('      serviceAccountName: sa\n      restartPolicy: Never\n')],
    [],
  ],
  [
    'a custom kind of a name that Kubernetes has too: left alone',
    ['apiVersion: serving.example.com/v1\nkind: Service\nmetadata: {name: web}\n'],
    [],
  ],
];
for (const [situation, documents, want] of references)
  validate(situation, async ({ folder }) => {
    const { report: given } = await report(folder, documents.join('---\n'));
    const said = (given.diagnostics ?? []).map(
      ({ source, message, related, nextStep = '' }) =>
        `${source?.line}:${source?.column} ${message}${related ? `: ${nextStep} ${related.map(({ line }) => line).join()}` : ''}`,
    );
    assert.equal(said, want);
  });
validate('a reference into the described cluster leads somewhere, one beside it does not exist', async ({ folder }) => {
  const cluster = join(folder, 'cluster.yaml');
  writeFileSync(cluster, ACCOUNT('name: sa, namespace: default'));
  const there = await report(folder, DEPLOYMENT('      serviceAccountName: sa\n'), '--cluster', cluster);
  assert.is(there.report.diagnostics, undefined);
  const beside = await report(folder, DEPLOYMENT('      serviceAccountName: other\n'), '--cluster', cluster);
  assert.is(beside.code, 0);
  assert.equal(
    beside.report.diagnostics?.map(({ message }) => message),
    ['ServiceAccount default/other does not exist'],
  );
});
validate(
  'references that lead nowhere: no failure by default, one with --fail-on, none where they are ignored',
  async ({ folder }) => {
    const text = DEPLOYMENT('      serviceAccountName: sa\n');
    assert.is((await report(folder, text)).code, 0);
    assert.is((await report(folder, text, '--fail-on', 'warnings')).code, 4);
    const ignored = await report(folder, text, '--fail-on', 'warnings', '--ignore-missing-references');
    assert.is(ignored.code, 0);
    assert.is(ignored.report.diagnostics, undefined);
  },
);
validate.run();
