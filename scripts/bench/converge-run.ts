// One process that settles clusters: Deployments of 20 replicas on nodes of 40 pods each, growing to 40,000 pods.
import { parseManifests } from '../../src/manifests/manifest.ts';
import { makePlan } from '../../src/planner/make-plan.ts';
import { loadParts } from '../../src/planner/parts.ts';

const REPLICAS = 20;
const DEFAULT_SIZES = [50, 250, 1000, 2000];

async function settleAll(args: readonly string[]): Promise<void> {
  const sizes = args.length > 0 ? args.map(Number) : DEFAULT_SIZES;
  const parts = await loadParts();
  console.log('deployments    pods  nodes  seconds  cpu s  pods/s  heap MiB  peak MiB');
  for (const deployments of sizes) {
    const manifests = parseManifests(
      'bench',
      Array.from({ length: deployments }, (_, i) => JSON.stringify(deployment(i))).join('\n---\n'),
    ).manifests;
    const nodes = Math.max(1, Math.ceil(deployments / 2));
    const started = performance.now();
    const cpu = process.cpuUsage();
    const { plan } = makePlan({
      kubernetes: { version: '1.36', featureGates: {}, flags: {} },
      manifests,
      cluster: {
        file: {
          apiVersion: 'kubeplan.dev/v1',
          kind: 'Cluster',
          spec: {
            nodes: [
              {
                name: 'node',
                count: nodes,
                zones: ['a', 'b', 'c'],
                capacity: { cpu: '64', memory: '256Gi', pods: '110' },
              },
            ],
          },
        },
        objects: [],
      },
      defaultNamespace: 'default',
      parts,
    });
    const seconds = (performance.now() - started) / 1000;
    const used = process.cpuUsage(cpu);
    const busy = (used.user + used.system) / 1e6;
    const peak = process.resourceUsage().maxRSS / 1024;
    const pods = deployments * REPLICAS;
    const heap = process.memoryUsage().heapUsed / 2 ** 20;
    const note = plan.converged ? '' : '  NOT CONVERGED';
    console.log(
      `${String(deployments).padStart(11)} ${String(pods).padStart(7)} ${String(nodes).padStart(6)} ${seconds.toFixed(2).padStart(8)} ${busy.toFixed(1).padStart(6)} ${(pods / seconds).toFixed(0).padStart(7)} ${heap.toFixed(0).padStart(9)} ${peak.toFixed(0).padStart(9)}${note}`,
    );
  }
}

function deployment(index: number): object {
  const app = `app-${index}`;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, namespace: 'default' },
    spec: {
      replicas: REPLICAS,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: {
          containers: [
            {
              name: 'main',
              image: 'registry.example/app:v1',
              resources: { requests: { cpu: '100m', memory: '100Mi' } },
            },
          ],
        },
      },
    },
  };
}

await settleAll(process.argv.slice(2));
