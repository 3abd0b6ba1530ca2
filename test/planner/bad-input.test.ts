// Input that no cluster comes to rest with, or that contradicts itself: a finding each, never a hang.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planOf, problems, TWO_NODES } from './plan-of.ts';

const workload = (kind: string, name: string, spec: string, template = '') =>
  `{apiVersion: apps/v1, kind: ${kind}, metadata: {name: ${name}}, spec: {${spec} selector: {matchLabels: {app: x}}, template: {metadata: {labels: {app: x}${template}}, spec: {containers: [{name: app, image: app, resources: {requests: {cpu: 100m}}}]}}}}`;
const autoscaler = (name: string, min: number, max: number) =>
  `{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: ${name}}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, minReplicas: ${min}, maxReplicas: ${max}, metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}]}}`;
const map = (name: string, metadata: string) =>
  `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}, ${metadata}}}`;
const cron = (schedule: string) =>
  `{apiVersion: batch/v1, kind: CronJob, metadata: {name: c}, spec: {schedule: "${schedule}", jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: c, image: x}]}}}}}}`;
const documents = (...texts: readonly string[]) => texts.join('\n---\n');

const bad = suite('bad input');

for (const { name, manifests, spec = TWO_NODES, expected, converges = false } of [
  {
    name: 'ReplicaSets that select the same pods each keep their own',
    manifests: documents(workload('ReplicaSet', 'a', 'replicas: 2,'), workload('ReplicaSet', 'b', 'replicas: 3,')),
    expected: [],
    converges: true,
  },
  {
    name: 'a Deployment and autoscalers that disagree go in circles',
    manifests: documents(
      workload('Deployment', 'web', 'replicas: 2,'),
      autoscaler('low', 1, 3),
      autoscaler('high', 5, 9),
    ),
    spec: `${TWO_NODES}\nmetrics: {resources: [{workload: Deployment/web, totalCPU: 100m}]}`,
    expected: [
      /^StalledCycle HorizontalPodAutoscaler high: goes in circles/,
      /^StalledCycle HorizontalPodAutoscaler low: goes in circles: sets Deployment default\/web back and forth/,
    ],
  },
  {
    name: 'pods whose containers fail are restarted, and told of with their workload',
    manifests: workload('ReplicaSet', 'web', '', ', annotations: {kubeplan.dev/outcome: fail}'),
    expected: [
      /^StalledReplicaSet ReplicaSet web: 0 of 1 replicas available; Pod web-\S+: container app ends and is restarted/,
    ],
  },
  {
    name: 'pods that a node evicts and a Deployment makes anew go in circles',
    manifests: workload('Deployment', 'web', '').replace('spec: {containers', 'spec: {nodeName: node-1, containers'),
    spec: 'nodes: [{name: node, taints: [{key: x, effect: NoExecute}]}]',
    expected: [/^StalledCycle ReplicaSet web-/, /^StalledDeployment Deployment web: 0 of 1 replicas available/],
  },
  {
    name: 'containers that crash again and again are told of with their workload',
    manifests: workload('Deployment', 'web', '', ', annotations: {kubeplan.dev/outcome: crash-loop}'),
    expected: [
      /^StalledDeployment Deployment web: 0 of 1 replicas available.*container app ends and is restarted again and again/,
    ],
  },
  {
    name: 'a finalizer that nobody removes holds its object',
    manifests: map(
      'held',
      'finalizers: [example.com/hold], ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: gone, uid: gone}]',
    ),
    expected: [/^StalledDeletion ConfigMap held: is being deleted, but finalizers hold it: example.com\/hold$/],
  },
  {
    name: 'owners that own each other under made-up uids are removed',
    manifests: documents(
      map('a', 'ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: b, uid: b}]'),
      map('b', 'ownerReferences: [{apiVersion: v1, kind: ConfigMap, name: a, uid: a}]'),
    ),
    expected: [/^RemovedAgain ConfigMap a: /, /^RemovedAgain ConfigMap b: /],
    converges: true,
  },
  {
    name: 'a CronJob with a bad schedule is refused',
    manifests: cron('61 * * * *'),
    expected: [/^FieldValueInvalid CronJob c: .*end of range \(61\) above maximum \(59\): 61/],
    converges: true,
  },
  {
    name: 'a node described twice, and one that gives more than it has',
    manifests: map('m', ''),
    spec: 'nodes: [{name: node, exactName: true, allocatable: {cpu: "64"}}]\nobjects: [{apiVersion: v1, kind: Node, metadata: {name: node}}]',
    expected: [
      /^ContradictoryCluster Node node is described twice$/,
      /^ContradictoryCluster Node node: gives pods more cpu \(64\) than it has \(4\)$/,
    ],
    converges: true,
  },
  {
    name: 'networks that overlap, and one that is none',
    manifests: map('m', ''),
    spec: `${TWO_NODES}\npodCIDR: 10.0.0.0/8\nserviceCIDR: 10.96.0.0/16`,
    expected: [/^ContradictoryCluster the networks of pods \(10.0.0.0\/8\) and of Services \(10.96.0.0\/16\) overlap$/],
    converges: true,
  },
  {
    name: 'more nodes than the network of pods has blocks for',
    manifests: map('m', ''),
    spec: `${TWO_NODES}\npodCIDR: 10.0.0.0/24`,
    expected: [/^ContradictoryCluster the network of pods \(10.0.0.0\/24\) has blocks for 1 nodes, and there are 2$/],
    converges: true,
  },
  {
    name: 'objects in a namespace that is not described',
    manifests: map('m', ''),
    spec: `${TWO_NODES}\nobjects: [{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: team}, spec: {nodeName: lost, containers: [{name: c, image: x}]}}]`,
    expected: [
      /^ContradictoryCluster objects are in namespaces that are not described and are taken to exist: team$/,
      /^ContradictoryCluster Pod p: runs on node lost, which does not exist/,
    ],
    converges: true,
  },
  {
    name: 'a pod on a node that is not there',
    manifests: map('m', ''),
    spec: `${TWO_NODES}\nobjects: [{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: default}, spec: {nodeName: lost, containers: [{name: c, image: x}]}}]`,
    expected: [/^ContradictoryCluster Pod p: runs on node lost, which does not exist/],
    converges: true,
  },
  {
    name: 'a static pod that no kubelet could read',
    manifests: map('m', ''),
    spec: 'nodes: [{name: node, staticPods: [{metadata: {name: p}, spec: {containerz: []}}]}]',
    expected: [/^InvalidStaticPod .*unknown field "spec.containerz"/],
    converges: true,
  },
])
  bad(name, async () => {
    const plan = await planOf(manifests, spec);
    const found = problems(plan);
    assert.is(found.length, expected.length, found.join('\n'));
    expected.forEach((pattern, i) => {
      assert.match(found[i]!, pattern, found[i]);
    });
    assert.is(plan.converged, converges);
  });

bad.run();
