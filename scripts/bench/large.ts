// A large cluster loaded and a small change planned on it by the program as a user starts it: 5,000 nodes with 150,000 pods, and 1,000 new
// pods. The cluster is given in each of the forms that people have one in.
// usage: npm run bench -- large [FORM|all [NODES [PODS [NEW]]]]
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeYaml, type YamlValue } from '../../src/manifests/writer/write-yaml.ts';
import { NodeBlocks } from '../../src/planner/controllers/node-ipam/node-blocks.ts';
import type { ClusterFile } from '../../src/planner/inventory/cluster-file.ts';
import { objectsOf } from '../../src/planner/inventory/short-form.ts';
import { BUNDLE, buildBundle } from './bundle.ts';
import { timed } from './timed-process.ts';

/** Pods of a ReplicaSet. */
const EACH = 30;
/** Objects whose text is written at once. */
const CHUNK = 1000;
/** When the nodes and pods came up. */
const STARTED = '2025-12-31T00:00:00Z';

type Objects = readonly YamlValue[];

interface Form {
  readonly file: string;
  /** Writes a cluster of these nodes and objects to the file. */
  write(file: number, nodes: ClusterFile, objects: Objects): void;
}

const FORMS: readonly Form[] = [
  {
    file: 'cluster.json',
    write(file, nodes, objects) {
      writeSync(file, `${JSON.stringify(nodes).slice(0, -2)},"objects":[`);
      writeItems(file, objects, jsonItems);
      writeSync(file, ']}}\n');
    },
  },
  {
    file: 'list.json',
    write(file, nodes, objects) {
      writeSync(file, '{"apiVersion":"v1","kind":"List","items":[');
      writeItems(file, [...nodeObjects(nodes), ...objects], jsonItems);
      writeSync(file, ']}\n');
    },
  },
  {
    file: 'list.yaml',
    write(file, nodes, objects) {
      writeSync(file, 'apiVersion: v1\nitems:\n');
      writeItems(file, [...nodeObjects(nodes), ...objects], writeYaml);
      writeSync(file, 'kind: List\n');
    },
  },
];

export async function benchLarge(args: readonly string[]): Promise<void> {
  const [wanted = 'all', ...sizes] = args;
  const [nodes = 5000, pods = 150_000, added = 1000] = sizes.map(Number);
  const forms = FORMS.filter(({ file }) => wanted === 'all' || wanted === file);
  if (forms.length === 0) throw new Error(`no form ${wanted}: all, ${FORMS.map(({ file }) => file).join(', ')}`);
  buildBundle();
  const folder = mkdtempSync(join(tmpdir(), 'kubeplan-bench-'));
  try {
    const manifest = join(folder, 'new.json');
    writeFileSync(manifest, JSON.stringify(deployment(added)));
    console.log(
      `${nodes} nodes, ${pods} pods, ${added} new`.padEnd(36),
      'input MiB  seconds  cpu s  peak MiB  bar: 10 s, 2048 MiB',
    );
    for (const form of forms) {
      const path = join(folder, form.file);
      const file = openSync(path, 'w');
      form.write(file, clusterOf(nodes), describedObjects(nodes, pods));
      closeSync(file);
      report(form.file, path, manifest);
      rmSync(path);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(name: string, cluster: string, manifest: string): void {
  const args = [BUNDLE, 'plan', '--cluster', cluster, '-f', manifest];
  const { seconds, cpuSeconds, peak, output } = timed(process.execPath, args, true);
  const size = statSync(cluster).size / 1024 / 1024;
  const summary = /^Plan: .*$/m.exec(output)?.[0] ?? output.slice(-300);
  const isConverged = /^Converged: yes/m.test(output);
  console.log(
    `kubeplan plan --cluster ${name}`.padEnd(36),
    `${size.toFixed(0).padStart(9)} ${seconds.toFixed(2).padStart(8)} ${cpuSeconds.toFixed(1).padStart(6)} ${peak.toFixed(0).padStart(9)}  ${isConverged ? '' : 'NOT CONVERGED  '}${summary}`,
  );
}

function writeItems(file: number, items: Objects, text: (items: Objects, isFirst: boolean) => string): void {
  for (let i = 0; i < items.length; i += CHUNK) writeSync(file, text(items.slice(i, i + CHUNK), i === 0));
}

function jsonItems(items: Objects, isFirst: boolean): string {
  return `${isFirst ? '' : ','}${JSON.stringify(items).slice(1, -1)}`;
}

function clusterOf(count: number): ClusterFile {
  const capacity = { cpu: '64', memory: '256Gi', pods: '110' };
  return {
    apiVersion: 'kubeplan.dev/v1',
    kind: 'Cluster',
    spec: { nodes: [{ name: 'node', count, zones: ['a', 'b', 'c'], capacity }] },
  };
}

/** As they stand in a dump. */
function nodeObjects(nodes: ClusterFile): Objects {
  const blocks = new NodeBlocks({ 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.128.0.0/9' });
  // The objects of the short form are plain JSON.
  return objectsOf(nodes, { now: STARTED, blocks }) as unknown as Objects;
}

/** Pods that run, each owned by a ReplicaSet that has all it wants. */
function describedObjects(nodes: number, pods: number): Objects {
  const objects: YamlValue[] = [];
  for (let first = 0; first < pods; first += EACH) {
    const name = `app-${first / EACH}`;
    const count = Math.min(EACH, pods - first);
    const labels = { app: name };
    const spec = podSpec();
    objects.push({
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: { name, namespace: 'default', uid: `rs-${name}`, generation: 1, labels },
      spec: { replicas: count, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      status: {
        replicas: count,
        readyReplicas: count,
        availableReplicas: count,
        fullyLabeledReplicas: count,
        observedGeneration: 1,
      },
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

function podSpec() {
  return {
    containers: [
      { name: 'main', image: 'registry.example/app:v1', resources: { requests: { cpu: '100m', memory: '200Mi' } } },
    ],
  };
}

function runningStatus(number: number) {
  const at = STARTED;
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

function deployment(replicas: number): YamlValue {
  const labels = { app: 'new' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'new', namespace: 'default' },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec() } },
  };
}
