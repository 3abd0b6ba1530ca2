// Plugins that look at the node's object alone.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeNode, makePod } from '../builders.ts';
import { scores, type Things, verdicts } from '../verdicts.ts';

const nodes = suite('plugins about the node itself');

type Verdicts = Readonly<Record<string, string>>;
const UNTOLERATED = 'TaintToleration!: node(s) had untolerated taint(s)';
const NO_MATCH = "NodeAffinity!: node(s) didn't match Pod's node affinity/selector";
const gpu = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };

const required = (...nodeSelectorTerms: readonly object[]) => ({
  affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
});

const CASES: readonly (readonly [what: string, things: Things, pod: ReturnType<typeof makePod>, expected: Verdicts])[] =
  [
    [
      'a cordoned node refuses',
      [makeNode('a').unschedulable()],
      makePod('p'),
      { a: 'NodeUnschedulable!: node(s) were unschedulable' },
    ],
    [
      'a cordoned node takes a pod that tolerates it',
      [makeNode('a').unschedulable()],
      makePod('p').spec({
        tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }],
      }),
      { a: 'ok' },
    ],
    [
      'a pod that names its node fits no other',
      [makeNode('a'), makeNode('b')],
      makePod('p').on('b'),
      { a: "NodeName!: node(s) didn't match the requested node name", b: 'ok' },
    ],
    [
      'only taints that prevent scheduling count',
      [
        makeNode('a').taints(gpu),
        makeNode('b').taints({ ...gpu, effect: 'PreferNoSchedule' }),
        makeNode('c').taints({ ...gpu, effect: 'NoExecute' }),
      ],
      makePod('p'),
      { a: UNTOLERATED, b: 'ok', c: UNTOLERATED },
    ],
    [
      'a toleration must match key, value and effect',
      [
        makeNode('a').taints(gpu),
        makeNode('b').taints({ ...gpu, value: 'no' }),
        makeNode('c').taints({ ...gpu, effect: 'NoExecute' }),
      ],
      makePod('p').spec({ tolerations: [{ key: 'gpu', operator: 'Equal', value: 'yes', effect: 'NoSchedule' }] }),
      { a: 'ok', b: UNTOLERATED, c: UNTOLERATED },
    ],
    [
      'node selector and required affinity must both match',
      [makeNode('a').labels({ disk: 'ssd', gen: '5' }), makeNode('b').labels({ disk: 'ssd', gen: '2' }), makeNode('c')],
      makePod('p').spec({
        nodeSelector: { disk: 'ssd' },
        ...required({ matchExpressions: [{ key: 'gen', operator: 'Gt', values: ['3'] }] }),
      }),
      { a: 'ok', b: NO_MATCH, c: NO_MATCH },
    ],
    [
      'terms are alternatives, an empty one matches nothing',
      [makeNode('a').labels({ disk: 'ssd' }), makeNode('b').labels({ disk: 'hdd' }), makeNode('c')],
      makePod('p').spec(
        required(
          { matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] },
          { matchExpressions: [{ key: 'disk', operator: 'In', values: ['hdd'] }] },
          {},
        ),
      ),
      { a: 'ok', b: 'ok', c: NO_MATCH },
    ],
    [
      'a node chosen by field is the only one looked at',
      [makeNode('a'), makeNode('b')],
      makePod('p').spec(required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['b'] }] })),
      { b: 'ok' },
    ],
    [
      'fields that exclude one another leave no node',
      [makeNode('a'), makeNode('b')],
      makePod('p').spec(
        required({
          matchFields: [
            { key: 'metadata.name', operator: 'In', values: ['a'] },
            { key: 'metadata.name', operator: 'In', values: ['b'] },
          ],
        }),
      ),
      { '*': 'pod affinity terms conflict' },
    ],
    [
      'host ports conflict by protocol, port and address',
      [
        makeNode('a'),
        makePod('q')
          .container({ name: 'c', ports: [{ containerPort: 80, hostPort: 80, hostIP: '10.0.0.1' }] })
          .on('a'),
        makeNode('b'),
      ],
      makePod('p').container({ name: 'c', ports: [{ containerPort: 80, hostPort: 80 }] }),
      { a: "NodePorts: node(s) didn't have free ports for the requested pod ports", b: 'ok' },
    ],
    [
      'the same port of another protocol is free',
      [
        makeNode('a'),
        makePod('q')
          .container({ name: 'c', ports: [{ containerPort: 53, hostPort: 53, protocol: 'UDP' }] })
          .on('a'),
      ],
      makePod('p').container({ name: 'c', ports: [{ containerPort: 53, hostPort: 53, protocol: 'TCP' }] }),
      { a: 'ok' },
    ],
    [
      'a node must declare the features that a pod needs',
      [makeNode('a').status({ declaredFeatures: ['RestartAllContainersOnContainerExits'] }), makeNode('b')],
      makePod('p').container({
        name: 'c',
        restartPolicy: 'Never',
        restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [1] } }],
      }),
      {
        a: 'ok',
        b: "NodeDeclaredFeatures!: node(s) didn't match Pod's required features",
      },
    ],
  ];

for (const [what, things, pod, expected] of CASES)
  nodes(what, () => {
    assert.equal(verdicts(things, pod), expected);
  });

nodes('nodes with fewer PreferNoSchedule taints score higher', () => {
  const soft = (key: string) => ({ key, effect: 'PreferNoSchedule' });
  const things = [makeNode('a').taints(soft('x'), soft('y')), makeNode('b').taints(soft('x')), makeNode('c')];
  assert.equal(scores('TaintToleration', things, makePod('p')), { a: 0, b: 150, c: 300 });
});

nodes('the weights of preferred terms add up and are made relative to the greatest sum', () => {
  const prefers = (weight: number, key: string) => ({
    weight,
    preference: { matchExpressions: [{ key, operator: 'Exists' }] },
  });
  const pod = makePod('p').spec({
    affinity: {
      nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [prefers(30, 'x'), prefers(10, 'y')] },
    },
  });
  const things = [makeNode('a').labels({ x: '', y: '' }), makeNode('b').labels({ y: '' }), makeNode('c')];
  assert.equal(scores('NodeAffinity', things, pod), { a: 200, b: 50, c: 0 });
});

nodes('images that a node has count by size and by how many nodes have them', () => {
  const image = (mebibytes: number) => ({ images: [{ names: ['app:v1'], sizeBytes: mebibytes * 1024 * 1024 }] });
  const things = [makeNode('a').status(image(800)), makeNode('b')];
  assert.equal(scores('ImageLocality', things, makePod('p').container({ name: 'c', image: 'app:v1' })), {
    a: 38,
    b: 0,
  });
});

nodes.run();
