// A large cluster loaded and a small change planned on it, in one process: 5,000 nodes with 150,000 pods, and 1,000 new pods.
// usage: npm run bench -- large [NODES [PODS [NEW]]]
import { parseManifests } from '../../src/manifests/manifest.ts';
import { makePlan } from '../../src/planner/make-plan.ts';
import { loadParts } from '../../src/planner/parts.ts';

/** Pods of a ReplicaSet. */
const EACH = 30;

export async function benchLarge(args: readonly string[]): Promise<void> {
  const [nodes = 5000, pods = 150_000, added = 1000] = args.map(Number);
  const parts = await loadParts();
  const objects = describedObjects(nodes, pods);
  const manifests = parseManifests('bench', JSON.stringify(deployment(added))).manifests;
  const group = {
    name: 'node',
    count: nodes,
    zones: ['a', 'b', 'c'],
    capacity: { cpu: '64', memory: '256Gi', pods: '110' },
  };
  const before = process.cpuUsage();
  const start = performance.now();
  const { plan } = makePlan({
    kubernetes: { version: '1.36', featureGates: {}, flags: {} },
    manifests,
    cluster: {
      file: { apiVersion: 'kubeplan.dev/v1', kind: 'Cluster', spec: { nodes: [group], objects } },
      objects: [],
    },
    defaultNamespace: 'default',
    parts,
  });
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - start) / 1000;
  const seconds = (user + system) / 1e6;
  // Kibibytes, the most that the process ever held.
  const mebibytes = process.resourceUsage().maxRSS / 1024;
  const placed = plan.placements.length;
  console.log('nodes    pods   new  placed  wall seconds  cpu seconds  most MiB  bar');
  console.log(
    `${String(nodes).padStart(5)} ${String(pods).padStart(7)} ${String(added).padStart(5)} ${String(placed).padStart(7)} ${wall.toFixed(2).padStart(13)} ${seconds.toFixed(2).padStart(12)} ${mebibytes.toFixed(0).padStart(9)}  10 s, 2048 MiB${plan.converged ? '' : '  NOT CONVERGED'}`,
  );
  for (const { severity, code, message } of plan.diagnostics.slice(0, 5))
    console.log(`${severity} ${code}: ${message}`);
}

/** Pods that run, each owned by a ReplicaSet that has all it wants. */
function describedObjects(nodes: number, pods: number): Record<string, unknown>[] {
  const objects: Record<string, unknown>[] = [];
  for (let first = 0; first < pods; first += EACH) {
    const name = `app-${first / EACH}`;
    const count = Math.min(EACH, pods - first);
    const labels = { app: name };
    const spec = podSpec();
    objects.push({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name, namespace: 'default', uid: `rs-${name}`, labels },
      spec: { replicas: count, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      status: { replicas: count, readyReplicas: count, availableReplicas: count, fullyLabeledReplicas: count },
    });
    for (let i = 0; i < count; i++) {
      const number = first + i;
      objects.push({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: {
          name: `${name}-${i}`,
          namespace: 'default',
          uid: `pod-${number}`,
          labels,
          ownerReferences: [
            {
              apiVersion: 'apps/v1',
              kind: 'ReplicaSet',
              name,
              uid: `rs-${name}`,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        spec: { ...spec, nodeName: `node-${(number % nodes) + 1}` },
        status: runningStatus(number),
      });
    }
  }
  return objects;
}

function podSpec(): Record<string, unknown> {
  return {
    containers: [
      { name: 'main', image: 'registry.example/app:v1', resources: { requests: { cpu: '100m', memory: '200Mi' } } },
    ],
  };
}

function runningStatus(number: number): Record<string, unknown> {
  const at = '2025-12-31T00:00:00Z';
  const ip = `10.${64 + (number >> 16)}.${(number >> 8) & 255}.${number & 255}`;
  const condition = (type: string) => ({ type, status: 'True', lastTransitionTime: at });
  return {
    phase: 'Running',
    startTime: at,
    podIP: ip,
    podIPs: [{ ip }],
    hostIP: '172.16.0.10',
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
    containerStatuses: [
      {
        name: 'main',
        image: 'registry.example/app:v1',
        imageID: 'sha256:1',
        ready: true,
        started: true,
        restartCount: 0,
        state: { running: { startedAt: at } },
      },
    ],
  };
}

function deployment(replicas: number): object {
  const labels = { app: 'new' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'new', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec() } },
  };
}
