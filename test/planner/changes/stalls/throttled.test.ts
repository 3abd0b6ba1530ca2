// Loads over cpu limits, by the description of the cluster.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { planOf, problems, TWO_NODES } from '../../plan-of.ts';

const deployment = (resources: string, podSpec = '') =>
  `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 3
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      ${podSpec}
      containers:
        - name: app
          image: app
          resources: {${resources}}
        - {name: side, image: side, resources: {limits: {cpu: 100m}}}
`;
const loads = (use: string) => `${TWO_NODES}\nmetrics: {resources: [{workload: Deployment/web, ${use}}]}`;

const throttled = suite('throttled workloads');
for (const { name, manifests, use, want } of [
  {
    name: 'load that is shared between the replicas counts for each',
    manifests: deployment('limits: {cpu: 500m}'),
    use: 'totalCPU: "3"',
    want: [
      'ThrottledCPU Deployment web: container app of 3 pods is throttled: it would use 1 cpu and gets 500m, its limit',
    ],
  },
  {
    name: 'at the limit nothing is throttled',
    manifests: deployment('limits: {cpu: 500m}'),
    use: 'podCPU: 500m',
    want: [],
  },
  {
    name: 'without a limit nothing is throttled',
    manifests: deployment('requests: {cpu: 1m}'),
    use: 'podCPU: "4"',
    want: [],
  },
  {
    name: 'a limit of the whole pod counts where the container has none',
    manifests: deployment('', 'resources: {limits: {cpu: 300m}}'),
    use: 'podCPU: 400m',
    want: [
      'ThrottledCPU Deployment web: container app of 3 pods is throttled: it would use 400m cpu and gets 300m, its limit',
    ],
  },
])
  throttled(name, async () => assert.equal(problems(await planOf(manifests, loads(use))), want));

throttled('the warning stands at the line of the limit and says what to do', async () => {
  const plan = await planOf(deployment('limits: {cpu: 500m}'), loads('podCPU: 900m'));
  const [found] = plan.diagnostics;
  assert.equal(
    [found?.severity, found?.field, found?.source?.line, plan.converged],
    ['warning', 'spec.template.spec.containers[0].resources.limits.cpu', 14, true],
  );
  assert.match(found?.nextStep ?? '', /^Raise the limit/);
});

throttled('an autoscaler sees no more than the limit', async () => {
  const autoscaler = `---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: web}, spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 20, metrics: [{type: ContainerResource, containerResource: {name: cpu, container: app, target: {type: AverageValue, averageValue: 250m}}}]}}
`;
  const plan = await planOf(`${deployment('limits: {cpu: 500m}')}${autoscaler}`, loads('totalCPU: "3"'));
  // 3 pods at 500m of 250m wanted: 6, which have 500m each: 12, at 250m each.
  assert.is(plan.placements.length, 12);
});
throttled.run();
