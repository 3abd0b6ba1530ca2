// The whole simulated control plane with ready nodes, for tests of workload controllers: create, change, let it settle, look.
import type { Json } from '../../../../src/apimachinery/json.ts';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import { applyMergePatch } from '../../../../src/apimachinery/patches/merge-patch.ts';
import { decodeBody } from '../../../../src/apiserver/decode.ts';
import { apiVersionOf, resourceNameOf } from '../../../../src/apiserver/resource.ts';
import { type Client, clientOf } from '../../../../src/apiserver/server.ts';
import type { RunResult } from '../../../../src/planner/engine/engine.ts';
import { restoreBootstrap } from '../../../../src/planner/inventory/load-inventory.ts';
import { loadParts } from '../../../../src/planner/parts.ts';
import { World } from '../../../../src/planner/world.ts';

const VERSION = '1.36';
export const START = Date.UTC(2026, 0, 1);

const parts = await loadParts();

/** The fields of an object that a test is about; nothing is checked before the API server checks it. */
export interface Draft {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

export class TestCluster {
  readonly world: World;
  readonly user: Client;

  constructor(nodes = 3) {
    this.world = new World({
      kubernetes: { version: VERSION, featureGates: {}, flags: {} },
      ...parts,
      startAt: START,
    });
    restoreBootstrap(this.world, VERSION);
    this.user = clientOf(this.world.server, { who: 'user' });
    for (let i = 1; i <= nodes; i++) this.create(node(`n${i}`));
    this.settle();
  }

  create(...drafts: readonly Draft[]): void {
    for (const draft of drafts) {
      const { name, object } = this.#decoded(draft);
      const answer = this.user.create(name, object);
      if (!answer.ok) throw new Error(answer.status.message);
    }
  }

  /** An update by the user: a merge patch of what is there. */
  change(resource: string, name: string, patch: object): void {
    const { reader } = this.world.server;
    const before = reader.get(resource, 'default', name) ?? reader.get(resource, undefined, name);
    const merged = applyMergePatch(before as unknown as Json, patch as Json);
    if (!merged.ok) throw new Error(merged.error);
    const { object } = this.#decoded(merged.value as unknown as Draft);
    const answer = this.user.update(resource, object);
    if (!answer.ok) throw new Error(answer.status.message);
  }

  #decoded(draft: Draft): { readonly name: string; readonly object: KubeObject } {
    const resource = this.world.server.options.catalog.byKind(draft.apiVersion, draft.kind);
    if (!resource) throw new Error(`nobody serves ${draft.apiVersion} ${draft.kind}`);
    const metadata = resource.namespaced ? { namespace: 'default', ...draft.metadata } : draft.metadata;
    const expected = { resource, version: apiVersionOf(resource).split('/').at(-1) ?? '' };
    const decoded = decodeBody({ tree: { value: { ...draft, metadata } }, isYaml: false }, expected, VERSION, 'Strict');
    if (!decoded.ok) throw new Error(decoded.status.message);
    return { name: resourceNameOf(resource), object: decoded.object };
  }

  delete(
    resource: string,
    name: string,
    propagationPolicy: 'Background' | 'Foreground' | 'Orphan' = 'Background',
  ): void {
    const answer = this.user.delete(resource, { namespace: 'default', name }, { propagationPolicy });
    if (!answer.ok) throw new Error(answer.status.message);
  }

  /** Runs until nothing has changed for 2.5 simulated seconds, and lets them pass. */
  settle(): RunResult {
    const result = this.world.engine.run({ horizon: 3_600_000, steps: 1_000_000, quietFor: 2500 });
    this.pass(2.5);
    return result;
  }

  pass(seconds: number): void {
    this.world.engine.advance(seconds * 1000);
  }

  get<T extends KubeObject>(resource: string, name: string): T {
    const found = this.world.server.reader.get<T>(resource, 'default', name);
    if (!found) throw new Error(`no ${resource} ${name}`);
    return found;
  }

  list<T extends KubeObject>(resource: string): readonly T[] {
    return this.world.server.reader.list<T>(resource, 'default');
  }

  names(resource: string): readonly string[] {
    return this.list(resource).map(({ metadata }) => metadata.name ?? '');
  }

  /** `Normal SuccessfulCreate Created pod: web-#` of the objects of one kind, in the order in which they were first told. */
  events(kind: string): readonly string[] {
    const events = this.list<KubeObject & EventText>('events')
      .filter(({ involvedObject }) => involvedObject.kind === kind)
      .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
      .map(({ type, reason, message }) => `${type} ${reason} ${message.replaceAll(SUFFIX, '-#')}`);
    return [...new Set(events)];
  }
}

/** Five characters of a generated name. */
const SUFFIX = /-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g;

interface EventText {
  readonly involvedObject: { readonly kind: string };
  readonly type: string;
  readonly reason: string;
  readonly message: string;
}

function node(name: string): Draft {
  const capacity = { cpu: '4', memory: '16Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { name } }, status: { capacity } };
}

export interface TemplateOptions {
  readonly image?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly [specField: string]: unknown;
}

/** A pod template labelled `app: NAME`. */
export function template(
  app: string,
  { image = 'registry.example/app:1', annotations, labels, ...spec }: TemplateOptions = {},
) {
  return {
    metadata: { labels: { app, ...labels }, ...(annotations ? { annotations } : {}) },
    spec: { containers: [{ name: 'app', image }], ...spec },
  };
}

/** What the simulated containers are to do. */
export function outcome(value: 'never-ready' | 'fail' | 'pending' | 'running') {
  return { 'kubeplan.dev/outcome': value };
}

/** A workload of apps/v1 that selects its pods by `app: NAME`. */
export function workload(kind: string, name: string, spec: Readonly<Record<string, unknown>> = {}): Draft {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
  };
}
