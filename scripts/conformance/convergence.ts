// Plays recorded scenarios step by step in a simulated cluster and answers with its objects after each step.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { decodeBody } from '../../src/apiserver/decode.ts';
import type { Answer } from '../../src/apiserver/request.ts';
import { resourceNameOf } from '../../src/apiserver/resource.ts';
import { parseManifests } from '../../src/manifests/manifest.ts';
import { applyManifests } from '../../src/planner/apply/apply-manifests.ts';
import { DescribedMetrics, type ResourceUse } from '../../src/planner/controllers/horizontal/described-metrics.ts';
import { restoreBootstrap } from '../../src/planner/inventory/load-inventory.ts';
import { loadParts } from '../../src/planner/parts.ts';
import { World } from '../../src/planner/world.ts';

type Json = Record<string, unknown>;

interface Ref {
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
}
interface Selected {
  readonly select?: {
    readonly kind?: string;
    readonly namespace?: string;
    readonly labels?: Record<string, string>;
    readonly nodeName?: string;
    readonly index?: number;
  };
}
type Target = Partial<Ref> & Selected;

interface Step {
  readonly apply?: string;
  readonly create?: string;
  readonly delete?: readonly (Target & { cascade?: string; gracePeriodSeconds?: number })[];
  readonly scale?: readonly (Ref & { replicas: number })[];
  readonly patch?: readonly (Target & {
    type?: 'merge' | 'strategic' | 'json';
    patch: unknown;
    subresource?: string;
  })[];
  readonly annotate?: readonly (Target & { annotations: Json })[];
  readonly label?: readonly (Target & { labels: Json })[];
  readonly evict?: readonly Target[];
  readonly metrics?: readonly Json[];
  readonly wait?: number;
  readonly untilMinute?: number;
  readonly limit?: number;
}

interface Scenario {
  readonly flags?: { readonly kcm?: string; readonly apiserver?: string; readonly metrics?: boolean };
  readonly namespaces?: readonly string[];
  readonly limit?: number;
  readonly steps: readonly Step[];
}

const VERSION = '1.36';
const QUIET = 2500;
/** From the start of the controllers, from which their periods count, until the first objects. */
const STARTUP = 2400;
/** Between two objects that are applied, and after any other request: a client takes its time, and the controllers do not wait for it. */
const [BETWEEN_OBJECTS, AFTER_REQUEST] = [10, 5];
const START = '2026-03-02T09:00:20Z';

/** One scenario's folder answers one JSON object; a folder of scenarios one line each, or a file each below `outDir`. */
export async function runConvergence(path: string, write: (text: string) => void, outDir?: string): Promise<void> {
  if (existsSync(join(path, 'scenario.yaml'))) {
    write(JSON.stringify(await play(path)));
    return;
  }
  const names = readdirSync(path).filter((name) => existsSync(join(path, name, 'scenario.yaml')));
  for (const name of names.sort()) {
    let result: object;
    try {
      result = await play(join(path, name));
    } catch (error) {
      process.stderr.write(`${name}: ${error instanceof Error ? error.stack : error}\n`);
      result = { steps: [] };
    }
    if (outDir) writeFileSync(join(outDir, `${name}.json`), JSON.stringify(result));
    else write(JSON.stringify({ scenario: name, ...result }));
  }
}

async function play(folder: string): Promise<{ readonly steps: readonly object[] }> {
  const scenario = yamlDocuments(join(folder, 'scenario.yaml'))[0] as unknown as Scenario;
  const metrics = new DescribedMetrics(scenario.flags?.metrics ? { resources: [] } : {});
  const world = await newWorld(scenario, metrics);
  const player = new Player(world, metrics, folder, scenario);
  const steps: object[] = [player.begin()];
  for (const step of scenario.steps) steps.push(player.step(step));
  return { steps };
}

async function newWorld({ flags }: Scenario, metrics: DescribedMetrics): Promise<World> {
  const kcm = Object.fromEntries(
    (flags?.kcm ?? '')
      .split(/\s+/)
      .filter(Boolean)
      .map((flag) => {
        const [name = '', value = 'true'] = flag.replace(/^--/, '').split('=');
        return [name, value];
      }),
  );
  const parts = await loadParts();
  const world = new World({
    kubernetes: {
      version: VERSION,
      featureGates: {},
      flags: { 'allocate-node-cidrs': 'true', 'cluster-cidr': '10.244.0.0/16', ...kcm },
    },
    ...parts,
    described: { metrics },
    startAt: Date.parse(START),
  });
  restoreBootstrap(world, VERSION);
  return world;
}

class Player {
  readonly #world: World;
  readonly #metrics: DescribedMetrics;
  readonly #folder: string;
  readonly #namespaces: Set<string>;
  readonly #limit: number;

  constructor(world: World, metrics: DescribedMetrics, folder: string, scenario: Scenario) {
    this.#world = world;
    this.#metrics = metrics;
    this.#folder = folder;
    this.#limit = (scenario.limit ?? 20) * 1000;
    this.#namespaces = new Set(['default', ...(scenario.namespaces ?? [])]);
  }

  begin(): object {
    const file = join(this.#folder, 'cluster.yaml');
    const objects = existsSync(file) ? yamlDocuments(file) : [];
    const rank = ({ kind }: Json): number =>
      ({ Namespace: 0, Node: 1, StorageClass: 2, PriorityClass: 2 })[String(kind)] ?? 3;
    for (const object of objects)
      if (rank(object) === 0) this.#namespaces.add(String((object['metadata'] as Json)['name']));
    this.#world.engine.run({ horizon: this.#limit, steps: 2_000_000, quietFor: STARTUP });
    this.#apply([...objects].filter((object) => rank(object) < 3).sort((a, b) => rank(a) - rank(b)));
    // What follows does not wait until the nodes have been quiet for long, only until they are ready.
    this.#world.engine.run({ horizon: 30_000, steps: 2_000_000, quietFor: 0 });
    this.#apply(objects.filter((object) => rank(object) === 3));
    this.#settle(this.#limit);
    return this.#dump();
  }

  step(step: Step): object {
    this.#act(step);
    this.#settle((step.limit ?? 20) * 1000);
    return this.#dump();
  }

  #settle(horizon: number): void {
    this.#world.engine.run({ horizon, steps: 2_000_000, quietFor: QUIET });
  }

  #act(step: Step): void {
    if (step.apply) this.#apply(yamlDocuments(join(this.#folder, step.apply)));
    if (step.create) for (const object of yamlDocuments(join(this.#folder, step.create))) this.#create(object);
    for (const target of step.delete ?? [])
      for (const ref of this.#targets(target)) {
        const policy = { foreground: 'Foreground', orphan: 'Orphan', background: 'Background' } as const;
        const { gracePeriodSeconds } = target;
        this.#send(ref, (place) => ({
          verb: 'delete',
          ...place,
          propagationPolicy: policy[(target.cascade ?? 'background') as keyof typeof policy],
          ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
        }));
      }
    for (const { replicas, ...ref } of step.scale ?? [])
      this.#send(ref, (place) => ({
        verb: 'patch',
        ...place,
        fieldValidation: 'Warn',
        subresource: 'scale',
        patchType: 'merge',
        patch: { spec: { replicas } },
      }));
    for (const target of step.patch ?? [])
      for (const ref of this.#targets(target))
        this.#send(ref, (place) => ({
          verb: 'patch',
          ...place,
          fieldValidation: 'Warn',
          patchType: target.type ?? 'merge',
          patch: target.patch,
          ...(target.subresource ? { subresource: target.subresource } : {}),
        }));
    for (const target of step.annotate ?? []) this.#patchMetadata(target, { annotations: target.annotations });
    for (const target of step.label ?? []) this.#patchMetadata(target, { labels: target.labels });
    for (const target of step.evict ?? [])
      for (const ref of this.#targets(target))
        this.#send(ref, (place) => ({
          verb: 'create',
          ...place,
          subresource: 'eviction',
          object: {
            apiVersion: 'policy/v1',
            kind: 'Eviction',
            metadata: { name: ref.name, namespace: ref.namespace ?? 'default' },
          },
        }));
    if (step.metrics) this.#metrics.describe({ resources: step.metrics as unknown as readonly ResourceUse[] });
    if (step.wait) this.#world.engine.advance(step.wait * 1000);
    if (step.untilMinute !== undefined) {
      const { now } = this.#world.clock;
      const seconds = step.untilMinute * 1000;
      let at = Math.floor(now / 60_000) * 60_000 + 60_000 + seconds;
      if (at - now < 4000 + seconds) at += 60_000;
      this.#world.engine.advance(at - now);
    }
  }

  #patchMetadata(target: Target, metadata: Json): void {
    for (const ref of this.#targets(target))
      this.#send(ref, (place) => ({
        verb: 'patch',
        ...place,
        fieldValidation: 'Warn',
        patchType: 'merge',
        patch: { metadata },
      }));
  }

  #send(
    ref: Ref,
    request: (place: {
      resource: string;
      namespace?: string;
      name: string;
      cause: { who: string };
    }) => Parameters<World['server']['handle']>[0],
  ): Answer | undefined {
    const resource = this.#world.server.options.catalog.all().find(({ kind }) => kind === ref.kind);
    if (!resource) return undefined;
    const place = { resource: resourceNameOf(resource), name: ref.name, cause: { who: 'user' } };
    const answer = this.#world.server.handle(
      request(resource.namespaced ? { ...place, namespace: ref.namespace ?? 'default' } : place),
    );
    this.#world.engine.advance(AFTER_REQUEST);
    return answer;
  }

  #targets(target: Target): readonly Ref[] {
    const { select } = target;
    if (!select) return [target as Ref];
    const kind = select.kind ?? 'Pod';
    const resource = this.#world.server.options.catalog.all().find((each) => each.kind === kind);
    if (!resource) return [];
    const matches = this.#world.server.reader
      .list(resourceNameOf(resource))
      .filter(({ metadata }) => !resource.namespaced || metadata.namespace === (select.namespace ?? 'default'))
      .filter(({ metadata }) =>
        Object.entries(select.labels ?? {}).every(([key, value]) => metadata.labels?.[key] === value),
      )
      .filter(
        (object) => !select.nodeName || (object as { spec?: { nodeName?: string } }).spec?.nodeName === select.nodeName,
      )
      .map(({ metadata }) => ({
        order: `${metadata.creationTimestamp}${metadata.name}`,
        ref: { kind, namespace: metadata.namespace ?? '', name: metadata.name ?? '' },
      }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ ref }) => ref);
    return select.index === undefined ? matches : matches.slice(select.index, select.index + 1);
  }

  #apply(objects: readonly Json[]): void {
    for (const object of this.#inOrderOfEffect(objects)) {
      const { manifests } = parseManifests('scenario', JSON.stringify(object));
      const { diagnostics } = applyManifests(this.#world, manifests, {
        defaultNamespace: 'default',
        kubernetesVersion: VERSION,
      });
      for (const { severity, message } of diagnostics)
        if (severity === 'error' && process.env['TRACE']) process.stderr.write(`${message}\n`);
      this.#world.engine.advance(BETWEEN_OBJECTS);
    }
  }

  /**
   * A fresh API server takes longer over the first pod of all than the client over its next object: what follows the first workload is
   * there before that workload's pods are.
   */
  #inOrderOfEffect(objects: readonly Json[]): readonly Json[] {
    const first = objects.findIndex((object) => object['kind'] === 'Pod' || makesPods(object));
    const [workload, next] = objects.slice(first, first + 2);
    const isCold = this.#world.server.reader.list('pods').length === 0;
    if (first < 0 || !isCold || !workload || !next || !makesPods(workload) || makesPods(next)) return objects;
    return [...objects.slice(0, first), next, workload, ...objects.slice(first + 2)];
  }

  #create(object: Json): void {
    const { server } = this.#world;
    const resource = server.options.catalog.byKind(String(object['apiVersion']), String(object['kind']));
    if (!resource) return;
    const version = String(object['apiVersion']).replace(/^.*\//, '');
    const decoded = decodeBody({ tree: { value: object }, isYaml: false }, { resource, version }, VERSION, 'Strict');
    if (!decoded.ok) return;
    const namespace = decoded.object.metadata.namespace ?? 'default';
    server.handle({
      verb: 'create',
      resource: resourceNameOf(resource),
      apiVersion: String(object['apiVersion']),
      object: decoded.object,
      cause: { who: 'user' },
      ...(resource.namespaced ? { namespace } : {}),
    });
  }

  #dump(): { readonly objects: readonly KubeObject[] } {
    const { reader } = this.#world.server;
    const objects = reader.resources().flatMap((resource) => reader.list(resource));
    return { objects: objects.filter((object) => this.#isShown(object)) };
  }

  #isShown(object: KubeObject): boolean {
    const { namespace, name = '' } = object.metadata;
    if (SKIPPED.has(object.kind)) return false;
    if (object.kind === 'Namespace') return this.#namespaces.has(name);
    if (object.kind === 'Event') {
      const { involvedObject } = object as KubeObject & { readonly involvedObject?: { readonly kind?: string } };
      return this.#namespaces.has(namespace ?? '') || (namespace === 'default' && involvedObject?.kind === 'Node');
    }
    return namespace === undefined || this.#namespaces.has(namespace);
  }
}

function makesPods({ kind }: Json): boolean {
  return ['Deployment', 'StatefulSet', 'ReplicaSet', 'ReplicationController', 'DaemonSet', 'Job'].includes(
    String(kind),
  );
}

/** Kinds that the recordings did not list. */
const SKIPPED = new Set([
  'IPAddress',
  'ServiceCIDR',
  'Lease',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'FlowSchema',
  'PriorityLevelConfiguration',
  'VolumeAttachment',
  'CSINode',
  'RuntimeClass',
  'Ingress',
  'NetworkPolicy',
]);

function yamlDocuments(file: string): Json[] {
  return parseAllDocuments(readFileSync(file, 'utf8'))
    .map((document) => document.toJS() as Json | null)
    .filter((value): value is Json => value !== null);
}
