import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseManifests } from '../../../src/manifests/manifest.ts';
import { makePlan } from '../../../src/planner/make-plan.ts';
import { loadParts } from '../../../src/planner/parts.ts';

const parts = await loadParts();
const warnings = suite('expression warnings');

const policy = (expression: string): string => `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: most}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apps], apiVersions: [v1], operations: [CREATE], resources: [deployments]}]
  validations:
    - expression: ${expression}
`;
const told = (expression: string) => {
  const { plan } = makePlan({
    kubernetes: { version: '1.36', featureGates: {}, flags: {} },
    manifests: parseManifests('policy.yaml', policy(expression)).manifests,
    defaultNamespace: 'default',
    parts,
  });
  return plan.diagnostics.map(({ code, message, source }) => [code, message, source?.line, source?.column]);
};

warnings('a field that what the policy matches does not have: a warning at the expression', () => {
  assert.equal(told('object.spec.replica < 5'), [
    [
      'ExpressionWarning',
      "apps/v1, Kind=Deployment: ERROR: <input>:1:12: undefined field 'replica'\n | object.spec.replica < 5\n | ...........^",
      9,
      7,
    ],
  ]);
});
warnings('fields that are there: nothing to say', () => {
  assert.equal(told('object.spec.replicas < 5'), []);
});
warnings.run();
