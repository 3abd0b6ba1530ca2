// A whole simulated cluster: store, API server, controllers, scheduler and kubelets around one virtual clock.
import type { KubeObject } from '../apimachinery/object.ts';
import type { AdmissionChange, AdmissionNote } from '../apiserver/admission/chain/admission-record.ts';
import type { AdmissionPlugin } from '../apiserver/admission/chain/plugin.ts';
import type { DescribedWebhook } from '../apiserver/admission/webhook/described-webhook.ts';
import { servedDefinitions } from '../apiserver/custom-resources/served-definitions.ts';
import type { Answer, WriteRequest } from '../apiserver/request.ts';
import { type Resource, resourceNameOf } from '../apiserver/resource.ts';
import { ResourceCatalog } from '../apiserver/resource-catalog.ts';
import { servedResources } from '../apiserver/served-apis.ts';
import { ApiServer } from '../apiserver/server.ts';
import { Store } from '../apiserver/store/store.ts';
import { indexesOf } from '../apiserver/store-indexes.ts';
import type { Pod } from '../schema/generated/types/core-v1.ts';
import { deterministicAllocators } from './allocators.ts';
import type { DescribedCloud } from './cloud/description.ts';
import type { MetricsSource } from './controllers/horizontal/metrics-source.ts';
import type { ControllerFactory, ControllerOptions } from './engine/controller.ts';
import { Engine, type VirtualClock } from './engine/engine.ts';
import type { KubeletSettings } from './kubelet/settings.ts';
import { apiSwitches, featureGates, type KubernetesOptions } from './kubernetes-options.ts';
import type { SchedulerConfiguration } from './scheduler/profile/configuration.ts';

interface WorldParts {
  readonly kubernetes: KubernetesOptions;
  readonly resources: readonly Resource[];
  readonly admission: readonly AdmissionPlugin[];
  readonly components: readonly ControllerFactory[];
  /** What the description says of things no manifest tells: metrics, timings of containers. */
  readonly described?: DescribedBehaviour;
  /** Simulated time at the start, milliseconds since the epoch. */
  readonly startAt: number;
  readonly audit?: (request: WriteRequest, answer: Answer) => void;
}

export interface DescribedBehaviour {
  readonly metrics?: MetricsSource;
  readonly kubelet?: Partial<KubeletSettings>;
  readonly cloud?: DescribedCloud;
  readonly scheduler?: SchedulerConfiguration;
  readonly webhooks?: readonly DescribedWebhook[];
}

export class World {
  readonly clock: VirtualClock;
  readonly store: Store;
  readonly server: ApiServer;
  /** What policies and webhooks made of requests, each with the newest write at that moment. */
  readonly admission: { readonly note: AdmissionNote; readonly revision: number }[] = [];
  /** What admission plugins made of the objects that a user sent, for the plan. */
  readonly admitted: AdmissionChange[] = [];
  readonly #parts: WorldParts;
  #engine: Engine | undefined;

  constructor(parts: WorldParts, store = new Store(), now = parts.startAt) {
    this.#parts = parts;
    this.clock = { now };
    this.store = store;
    const { kubernetes, admission, audit, described } = parts;
    const resources = servedResources(parts.resources, apiSwitches(kubernetes));
    for (const resource of resources) for (const index of indexesOf(resourceNameOf(resource))) store.addIndex(index);
    this.server = new ApiServer({
      store,
      catalog: new ResourceCatalog(resources, servedDefinitions(store, kubernetes.version)),
      admission,
      kubernetesVersion: kubernetes.version,
      features: featureGates(kubernetes),
      allocators: deterministicAllocators,
      now: () => this.clock.now,
      admissionNotes: (note) => void this.admission.push({ note, revision: store.revision }),
      ...(described?.webhooks ? { webhooks: described.webhooks } : {}),
      admissionChanges: (change) => void this.admitted.push(change),
      ...(audit ? { audit } : {}),
    });
  }

  /** The engine; it starts looking at the cluster when it is first asked for. */
  get engine(): Engine {
    if (!this.#engine) {
      const { kubernetes, components, described } = this.#parts;
      const gates = featureGates(kubernetes);
      const options: ControllerOptions & DescribedBehaviour = {
        ...described,
        kubernetesVersion: kubernetes.version,
        flags: kubernetes.flags,
        isFeatureEnabled: (name) => gates.isEnabled(name),
      };
      this.#engine = new Engine(
        this.server,
        this.clock,
        components.map((make) => make(options)),
        { isOver: hasFailed },
      );
    }
    return this.#engine;
  }

  /** A copy that goes its own way from here: what-if. Components start afresh and look at everything once. */
  fork(): World {
    return new World(this.#parts, this.store.fork(), this.clock.now);
  }
}

function hasFailed(object: KubeObject): boolean {
  return object.kind === 'Pod' && (object as Pod).status.phase === 'Failed';
}
