// What the API server writes into pods by itself, and what updates and deletions do.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { accepted, causesOf, type Json, PodServer, podDraft, withContainer } from './pod-server.ts';

const create = suite('pod create');

create('a new pod is pending, of generation 1, and of a class; its status is not taken', () => {
  const pod = accepted(new PodServer().create(podDraft({}, {}, { status: { phase: 'Running', podIP: '10.0.0.1' } })));
  assert.equal(pod.status, { phase: 'Pending', qosClass: 'BestEffort' });
  assert.is(pod.metadata.generation, 1);
});

create('a gated pod says why it is not scheduled', () => {
  const { status } = accepted(new PodServer().create(podDraft({ schedulingGates: [{ name: 'example.com/later' }] })));
  assert.equal(status.conditions, [
    {
      type: 'PodScheduled',
      status: 'False',
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
      lastTransitionTime: '2026-01-01T00:00:00Z',
    },
  ]);
});

create('keys of labels become requirements of the selector', () => {
  const term = { topologyKey: 'zone', labelSelector: {}, matchLabelKeys: ['a', 'absent'], mismatchLabelKeys: ['b'] };
  const spread = {
    maxSkew: 1,
    topologyKey: 'zone',
    whenUnsatisfiable: 'DoNotSchedule',
    labelSelector: {},
    matchLabelKeys: ['a'],
  };
  const { spec } = accepted(
    new PodServer().create(
      podDraft(
        {
          affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
          topologySpreadConstraints: [spread],
        },
        { labels: { a: '1', b: '2' } },
      ),
    ),
  );
  const [merged] = spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
  assert.equal(merged?.labelSelector, {
    matchExpressions: [
      { key: 'a', operator: 'In', values: ['1'] },
      { key: 'b', operator: 'NotIn', values: ['2'] },
    ],
  });
  assert.equal(spec.topologySpreadConstraints?.[0]?.labelSelector, {
    matchExpressions: [{ key: 'a', operator: 'In', values: ['1'] }],
  });
});

create('an AppArmor annotation becomes a field', () => {
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/app': 'localhost/mine' };
  const answer = new PodServer().create(podDraft({}, { annotations }));
  assert.equal(accepted(answer).spec.containers?.[0]?.securityContext, {
    appArmorProfile: { type: 'Localhost', localhostProfile: 'mine' },
  });
  assert.equal(answer.warnings, [
    'metadata.annotations[container.apparmor.security.beta.kubernetes.io/app]: deprecated since v1.30; use the "appArmorProfile" field instead',
  ]);
});

create('a field whose gate is off is dropped', () => {
  const draft = podDraft({ tolerations: [], hostUsers: false });
  assert.is(accepted(new PodServer().create(draft)).spec.hostUsers, false);
  assert.is(accepted(new PodServer({ UserNamespacesSupport: false }).create(draft)).spec.hostUsers, undefined);
});

create.run();

const SPEC_CHANGED =
  'spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';

const update = suite('pod update');

for (const { name, before = {}, after, causes } of [
  { name: 'an image may change', after: withContainer({ image: 'nginx:2' }), causes: [] },
  { name: 'a deadline may be set', after: { activeDeadlineSeconds: 10 }, causes: [] },
  {
    name: 'a deadline may not move away',
    before: { activeDeadlineSeconds: 10 },
    after: { activeDeadlineSeconds: 20 },
    causes: ['spec.activeDeadlineSeconds: Invalid value: 20: must be less than or equal to previous value'],
  },
  {
    name: 'a toleration may be added',
    before: { tolerations: [{ key: 'a', operator: 'Exists' }] },
    after: {
      tolerations: [
        { key: 'a', operator: 'Exists' },
        { key: 'b', operator: 'Exists' },
      ],
    },
    causes: [],
  },
  {
    name: 'a toleration may not go',
    before: { tolerations: [{ key: 'a', operator: 'Exists' }] },
    after: { tolerations: [{ key: 'b', operator: 'Exists' }] },
    causes: ['spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds'],
  },
  {
    name: 'containers may not be added',
    after: {
      containers: [
        { name: 'app', image: 'a' },
        { name: 'b', image: 'b' },
      ],
    },
    causes: ['spec.containers: Forbidden: pod updates may not add or remove containers'],
  },
  {
    name: 'gates may only be taken away',
    before: { schedulingGates: [{ name: 'a' }, { name: 'b' }] },
    after: { schedulingGates: [{ name: 'b' }] },
    causes: [],
  },
  {
    name: 'gates may not be added',
    after: { schedulingGates: [{ name: 'b' }] },
    causes: ["spec.schedulingGates[0].name: Forbidden: only deletion is allowed, but found new scheduling gate 'b'"],
  },
  {
    name: 'a gated pod may become choosier',
    before: { schedulingGates: [{ name: 'a' }], nodeSelector: { a: '1' } },
    after: { schedulingGates: [{ name: 'a' }], nodeSelector: { a: '1', b: '2' } },
    causes: [],
  },
  {
    name: 'a gated pod may not choose otherwise',
    before: { schedulingGates: [{ name: 'a' }], nodeSelector: { a: '1' } },
    after: { schedulingGates: [{ name: 'a' }], nodeSelector: { a: '2' } },
    causes: [
      'spec.nodeSelector: Invalid value: {"a":"2"}: only additions to spec.nodeSelector are allowed (no mutations or deletions)',
    ],
  },
  {
    name: 'nothing else may change, and the difference is shown',
    after: { hostname: 'other' },
    causes: [
      `${SPEC_CHANGED}\n@@ -64,7 +64,7 @@\n   "SELinuxChangePolicy": null\n  },\n  "ImagePullSecrets": null,\n- "Hostname": "",\n+ "Hostname": "other",\n  "Subdomain": "",\n  "SetHostnameAsFQDN": null,\n  "Affinity": null,\n`,
    ],
  },
] as readonly { name: string; before?: Json; after: Json; causes: readonly string[] }[]) {
  update(name, () => {
    const server = new PodServer();
    accepted(server.create(podDraft(before)));
    assert.equal(causesOf(server.update(podDraft({ ...before, ...after }))), causes);
  });
}

update('a change of the spec is a generation, one of labels is not', () => {
  const server = new PodServer();
  accepted(server.create(podDraft()));
  assert.is(accepted(server.update(podDraft({}, { labels: { a: '1' } }))).metadata.generation, 1);
  assert.is(accepted(server.update(podDraft(withContainer({ image: 'b:1' })))).metadata.generation, 2);
});

update('the status is not touched', () => {
  const server = new PodServer();
  accepted(server.create(podDraft()));
  assert.is(accepted(server.update(podDraft({}, {}, { status: { phase: 'Failed' } }))).status.phase, 'Pending');
});

update.run();

const deletion = suite('pod delete');

deletion('a pod that nobody runs goes at once', () => {
  const server = new PodServer();
  accepted(server.create(podDraft()));
  server.delete('web');
  assert.is(server.find('web'), undefined);
});

deletion('a pod on a node has its grace period', () => {
  const server = new PodServer();
  accepted(server.create(podDraft({ nodeName: 'n1', terminationGracePeriodSeconds: 5 })));
  server.delete('web');
  const { deletionTimestamp, deletionGracePeriodSeconds } = server.get('web').metadata;
  assert.equal([deletionTimestamp, deletionGracePeriodSeconds], ['2026-01-01T00:00:05Z', 5]);
});

deletion('a finished pod goes at once', () => {
  const server = new PodServer();
  const pod = accepted(server.create(podDraft({ nodeName: 'n1' })));
  accepted(server.update({ ...pod, status: { ...pod.status, phase: 'Failed' } } as typeof pod, 'status'));
  server.delete('web');
  assert.is(server.find('web'), undefined);
});

deletion.run();
