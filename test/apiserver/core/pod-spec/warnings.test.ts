// What the API server warns of in pods and pod templates that it accepts.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Json, PodServer, podDraft, withContainer } from '../pod/pod-server.ts';

const warnings = suite('pod warnings');

for (const { name, spec, metadata, want } of [
  { name: 'nothing is wrong with the smallest pod', spec: {}, want: [] },
  {
    name: 'a name with dots surprises as a host name',
    metadata: { name: 'a.b' },
    spec: {},
    want: [
      "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [must not contain dots]",
    ],
  },
  {
    name: 'deprecated labels of nodes',
    spec: { nodeSelector: { 'beta.kubernetes.io/arch': 'amd64' } },
    want: ['spec.nodeSelector[beta.kubernetes.io/arch]: deprecated since v1.14; use "kubernetes.io/arch" instead'],
  },
  {
    name: 'a variable that is set twice',
    spec: withContainer({
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ],
    }),
    want: ['spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply'],
  },
  {
    name: 'a variable that refers to an earlier one of its name',
    spec: withContainer({
      env: [
        { name: 'A', value: '1' },
        { name: 'A', value: '$(A)2' },
      ],
    }),
    want: [],
  },
  {
    name: 'ports that meet on one number',
    spec: withContainer({
      ports: [
        { containerPort: 80, name: 'a' },
        { containerPort: 80, name: 'b' },
      ],
    }),
    want: ['spec.containers[0].ports[1]: duplicate port definition with spec.containers[0].ports[0]'],
  },
  {
    name: 'parts of a byte',
    spec: withContainer({ resources: { requests: { memory: '100m' } } }),
    want: [
      'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
    ],
  },
  {
    name: 'a secret without a name is not pulled',
    spec: { imagePullSecrets: [{}] },
    want: ['spec.imagePullSecrets[0].name: invalid empty name ""'],
  },
] as readonly { name: string; spec: Json; metadata?: Json; want: readonly string[] }[]) {
  warnings(name, () => {
    const created = new PodServer().create(podDraft(spec, metadata));
    assert.ok(created.ok, created.ok ? '' : created.status.message);
    assert.equal(created.warnings, want);
  });
}

warnings('a template names its own path, and keeps what a pod repairs', () => {
  const { spec } = podDraft({ imagePullSecrets: [{}], terminationGracePeriodSeconds: -1 });
  const { warnings } = new PodServer().create({
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'warned' },
    template: { metadata: { labels: { app: 'a' } }, spec },
  });
  assert.equal(warnings, [
    'template.spec.imagePullSecrets[0].name: invalid empty name ""',
    'template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1',
  ]);
});

warnings.run();
