// A cluster for tests of single components: every built-in kind, with as little of an API server's strategies as they need.
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { apiVersionOf, type Resource, resourceNameOf, type Strategy } from '../../../src/apiserver/resource.ts';
import { ResourceCatalog } from '../../../src/apiserver/resource-catalog.ts';
import { ApiServer, type Client, clientOf } from '../../../src/apiserver/server.ts';
import { Store } from '../../../src/apiserver/store/store.ts';
import { indexesOf } from '../../../src/apiserver/store-indexes.ts';
import { deterministicAllocators } from '../../../src/planner/allocators.ts';
import type { Controller, ControllerFactory, ControllerOptions } from '../../../src/planner/engine/controller.ts';
import { Engine, type VirtualClock } from '../../../src/planner/engine/engine.ts';
import { featureGates } from '../../../src/planner/kubernetes-options.ts';
import { allKinds, type KindInfo } from '../../../src/schema/kinds.ts';

export const START = Date.UTC(2026, 0, 1);

export interface SmallCluster {
  readonly engine: Engine;
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly server: ApiServer;
  readonly user: Client;
  get<T extends KubeObject = KubeObject>(resource: string, name: string, namespace?: string): T | undefined;
  list<T extends KubeObject = KubeObject>(resource: string, namespace?: string): readonly T[];
  create(...objects: readonly KubeObject[]): void;
  /** Changes an object as a user would; with a subresource, that one. */
  change(resource: string, name: string, patch: unknown, namespace?: string, subresource?: string): void;
  /** Runs until nothing changes for so long, or until quiet. */
  settle(quietFor?: number): void;
  /** `Kind name Type Reason: message`, in the order in which they were written. */
  events(): readonly string[];
}

export function smallCluster(
  factories: readonly ControllerFactory[],
  flags: Readonly<Record<string, string>> = {},
  objects: readonly KubeObject[] = [],
): SmallCluster {
  const store = new Store();
  const resources = allKinds()
    .filter(({ servedByDefault, verbs }) => servedByDefault && verbs.includes('create'))
    .map(resourceOf);
  for (const resource of resources) for (const index of indexesOf(resourceNameOf(resource))) store.addIndex(index);
  const clock: VirtualClock = { now: START };
  const catalog = new ResourceCatalog(resources);
  const server = new ApiServer({
    store,
    catalog,
    admission: [],
    kubernetesVersion: '1.36',
    features: { isEnabled: () => true },
    allocators: deterministicAllocators,
    now: () => clock.now,
  });
  const user = clientOf(server, { who: 'user' });
  const nameOf = ({ apiVersion, kind }: KubeObject) => resourceNameOf(catalog.byKind(apiVersion, kind)!);
  const accepted = <A extends { readonly ok: boolean; readonly status?: { readonly message: string } }>(
    answer: A,
  ): A => {
    if (!answer.ok) throw new Error(answer.status?.message);
    return answer;
  };
  const create = (...list: readonly KubeObject[]): void => {
    for (const object of list) accepted(user.create(nameOf(object), object));
  };
  create(...objects);
  const gates = featureGates({ version: '1.36', featureGates: {} });
  const options: ControllerOptions = {
    kubernetesVersion: '1.36',
    flags,
    isFeatureEnabled: (name) => gates.isEnabled(name),
  };
  let engine: Engine | undefined;
  const started = () =>
    (engine ??= new Engine(
      server,
      clock,
      factories.map((make) => make(options)),
    ));
  return {
    get engine() {
      return started();
    },
    clock,
    store,
    server,
    user,
    get: (resource, name, namespace) => server.reader.get(resource, namespace, name),
    list: (resource, namespace) => server.reader.list(resource, namespace),
    create,
    change: (resource, name, patch, namespace, subresource) =>
      void accepted(
        user.patch(resource, { namespace, name }, patch, { type: 'merge', ...(subresource ? { subresource } : {}) }),
      ),
    settle(quietFor) {
      const limits = { horizon: 24 * 3_600_000, steps: 1_000_000 };
      const result = started().run(quietFor === undefined ? limits : { ...limits, quietFor });
      if (!result.settled) throw new Error(`not settled: ${result.reason} ${result.waiting.join(', ')}`);
    },
    events: () =>
      server.reader.list('events').map((object) => {
        const event = object as unknown as {
          involvedObject: KubeObject & { name: string };
          type: string;
          reason: string;
          message: string;
        };
        return `${event.involvedObject.kind} ${event.involvedObject.name} ${event.type} ${event.reason}: ${event.message}`;
      }),
  };
}

/** Binds pods to the first node that may take them. */
export const firstNodeScheduler: ControllerFactory = (): Controller => ({
  name: 'default-scheduler',
  watches: [
    { resource: 'pods', keys: ({ object }) => [`${object.metadata.namespace}/${object.metadata.name}`] },
    {
      resource: 'nodes',
      keys: (_event, reader) => reader.list('pods').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    },
  ],
  sync(key, { reader, client }) {
    const [namespace, name] = key.split('/') as [string, string];
    type Loose = KubeObject & {
      readonly spec: {
        readonly nodeName?: string;
        readonly unschedulable?: boolean;
        readonly taints?: readonly unknown[];
      };
    };
    const pod = reader.get<Loose>('pods', namespace, name);
    if (!pod || pod.spec.nodeName || pod.metadata.deletionTimestamp) return undefined;
    const node = reader.list<Loose>('nodes').find(({ spec }) => !spec.unschedulable && !spec.taints?.length);
    if (!node) return undefined;
    const binding = {
      apiVersion: 'v1',
      kind: 'Binding',
      metadata: { name, namespace },
      target: { kind: 'Node', name: node.metadata.name },
    };
    client.create('pods', binding, 'binding');
    return undefined;
  },
});

type Loose = KubeObject & { readonly spec?: Record<string, unknown>; readonly status?: Record<string, unknown> };

function resourceOf(info: KindInfo): Resource {
  const { group, version, kind, resource, singular, namespaced } = info;
  const base = { group, version, kind, plural: resource, singular, namespaced };
  return {
    ...base,
    strategy: { ...STRATEGY, ...OWN[apiVersionOf(base) + kind] },
    subresources: { status: STATUS, finalize: FINALIZE },
    ...(kind === 'Pod' ? { actions: { binding: bind } } : {}),
    ...(info.subresources.some(({ name }) => name === 'scale')
      ? {
          scale: {
            specReplicas: ['spec', 'replicas'],
            statusReplicas: ['status', 'replicas'],
            selector: ['spec', 'selector'],
          },
        }
      : {}),
  };
}

const STRATEGY: Strategy = {
  prepareForCreate: (object) => ({ ...object, metadata: { ...object.metadata, generation: 1 } }),
  prepareForUpdate: (object, old) => ({ ...object, ...('status' in old ? { status: (old as Loose).status } : {}) }),
  allowUnconditionalUpdate: true,
};
const STATUS: Strategy = {
  prepareForUpdate: (object, old) => ({ ...old, status: (object as Loose).status }) as KubeObject,
};
const FINALIZE: Strategy = {
  prepareForUpdate: (object, old) => ({ ...old, spec: (object as Loose).spec }) as KubeObject,
};

const withSpec = (object: KubeObject, spec: Record<string, unknown>): KubeObject =>
  ({ ...object, spec: { ...spec, ...(object as Loose).spec } }) as KubeObject;

/** What tests rely on, beyond what all kinds have. */
const OWN: Readonly<Record<string, Strategy>> = {
  v1Pod: {
    prepareForCreate: (object) =>
      ({
        ...withSpec(object, { restartPolicy: 'Always', terminationGracePeriodSeconds: 30 }),
        status: { ...(object as Loose).status, phase: (object as Loose).status?.['phase'] ?? 'Pending' },
      }) as unknown as KubeObject,
    gracePeriodSeconds: (object, requested) => {
      const { spec, status } = object as Loose;
      if (!spec?.['nodeName'] || status?.['phase'] === 'Failed' || status?.['phase'] === 'Succeeded') return 0;
      return requested ?? Number(spec['terminationGracePeriodSeconds']);
    },
  },
  v1Node: {
    prepareForCreate: (object) => ({ ...withSpec(object, {}), status: (object as Loose).status ?? {} }) as KubeObject,
  },
  v1Service: {
    prepareForCreate: (object) =>
      withSpec(object, { type: 'ClusterIP', clusterIP: '10.96.0.9', ipFamilies: ['IPv4'], sessionAffinity: 'None' }),
  },
  v1Namespace: {
    prepareForCreate: (object) =>
      ({ ...withSpec(object, { finalizers: ['kubernetes'] }), status: { phase: 'Active' } }) as unknown as KubeObject,
    mayDeleteDuringUpdate: (object) =>
      ((object as Loose).spec?.['finalizers'] as readonly string[] | undefined)?.length === 0,
    startDeletion: (object, { now }) => {
      const { spec, metadata } = object as Loose;
      if ((spec?.['finalizers'] as readonly string[] | undefined)?.length === 0) return undefined;
      const deletionTimestamp = metadata.deletionTimestamp ?? new Date(now).toISOString().replace('.000', '');
      return {
        ...object,
        metadata: { ...metadata, deletionTimestamp },
        status: { ...(object as Loose).status, phase: 'Terminating' },
      } as KubeObject;
    },
  },
  'apps/v1ReplicaSet': {
    prepareForCreate: (object) => ({ ...withSpec(object, { replicas: 1 }), status: {} }) as unknown as KubeObject,
  },
};

const bind: NonNullable<Resource['actions']>[string] = (request, subject, server) => {
  const { target } = request.object as unknown as { readonly target: { readonly name: string } };
  const pod = subject as Loose;
  return server.updateObject({ ...pod, spec: { ...pod.spec, nodeName: target.name } } as KubeObject, subject);
};
