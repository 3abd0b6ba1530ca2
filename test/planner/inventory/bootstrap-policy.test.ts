import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bootstrapPolicy } from '../../../src/planner/inventory/bootstrap-policy.ts';
import { featureGates } from '../../../src/planner/kubernetes-options.ts';

const policy = suite('bootstrap policy');

interface Role {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly rules?: readonly { readonly resources?: readonly string[]; readonly verbs: readonly string[] }[];
}

function rolesWith(gates: Readonly<Record<string, boolean>>, version: '1.34' | '1.36' = '1.36'): readonly Role[] {
  return bootstrapPolicy(featureGates({ version, featureGates: gates })) as unknown as readonly Role[]; // roles and bindings
}

/** `verb verb` on the resource by the role's rules, '' without. */
function allowed(roles: readonly Role[], name: string, resource: string): string {
  const role = roles.find(({ kind, metadata }) => kind === 'ClusterRole' && metadata.name === name);
  const rules = role?.rules?.filter(({ resources }) => resources?.includes(resource)) ?? [];
  return rules.flatMap(({ verbs }) => verbs).join(' ');
}

const WRITES = 'create delete deletecollection patch update';
const READS = 'get list watch';

const RULES: readonly (readonly [gates: readonly string[], role: string, resource: string, expected: string])[] = [
  [[], 'system:aggregate-to-edit', 'podgroups', ''],
  [['GenericWorkload'], 'system:aggregate-to-edit', 'podgroups', WRITES],
  [['GenericWorkload'], 'system:aggregate-to-view', 'podgroups/status', READS],
  [['GenericWorkload'], 'system:kube-scheduler', 'podgroups', READS],
  [['GenericWorkload'], 'system:kube-scheduler', 'podgroups/status', 'patch update'],
  [['GenericWorkload'], 'system:controller:job-controller', 'workloads', ''],
  [['GenericWorkload', 'WorkloadWithJob'], 'system:controller:job-controller', 'workloads', 'create get list watch'],
  [['GenericWorkload'], 'system:controller:resource-claim-controller', 'podgroups', ''],
  [['GenericWorkload', 'DRAWorkloadResourceClaims'], 'system:controller:resource-claim-controller', 'podgroups', READS],
  [['DRADeviceTaintRules'], 'system:kube-scheduler', 'devicetaintrules', READS],
  [['ClusterTrustBundle'], 'system:node', 'clustertrustbundles', READS],
  [['PodCertificateRequest'], 'system:node', 'podcertificaterequests', 'create get list watch'],
];

for (const [gates, role, resource, expected] of RULES)
  policy(`${role} may ${expected || 'nothing'} on ${resource} with ${gates.join(', ') || 'no gates'}`, () => {
    assert.is(allowed(rolesWith(Object.fromEntries(gates.map((gate) => [gate, true]))), role, resource), expected);
  });

policy('roles that belong to a gate come and go with it', () => {
  const names = (gates: Readonly<Record<string, boolean>>): ReadonlySet<string> =>
    new Set(rolesWith(gates).map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const byDefault = names({});
  const added = (gates: Readonly<Record<string, boolean>>): readonly string[] =>
    [...names(gates)].filter((name) => !byDefault.has(name));
  assert.equal(added({ GenericWorkload: true }), [
    'ClusterRole system:controller:podgroup-protection-controller',
    'ClusterRoleBinding system:controller:podgroup-protection-controller',
  ]);
  const left = names({ DRADeviceTaints: false });
  assert.equal(
    [...byDefault].filter((name) => !left.has(name)),
    [
      'ClusterRole system:controller:device-taint-eviction-controller',
      'ClusterRoleBinding system:controller:device-taint-eviction-controller',
    ],
  );
});

policy('nothing says which gate it came from', () => {
  assert.not.match(JSON.stringify(rolesWith({ GenericWorkload: true, ClusterTrustBundle: true })), '"gate"');
});

policy('an older version has what its own gates have', () => {
  assert.is(allowed(rolesWith({}, '1.34'), 'system:kube-scheduler', 'resourceclaims/binding'), '');
  assert.is(allowed(rolesWith({}), 'system:kube-scheduler', 'resourceclaims/binding'), 'patch update');
});

policy.run();
