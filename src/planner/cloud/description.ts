// What a description says of the cloud around a cluster: its machines, load balancers, routes and disks.
// Role: cloud-provider/cloud.go (cloudprovider.Interface), Kubernetes v1.36.3; without a description nothing of it acts.
import type { Node, NodeAddress } from '../../schema/generated/types/core-v1.ts';
import type { ControllerOptions } from '../engine/controller.ts';

interface DescribedInstance {
  readonly providerID?: string;
  readonly instanceType?: string;
  readonly zone?: string;
  readonly region?: string;
  readonly addresses?: readonly NodeAddress[];
  /** Labels that nodes get besides those of zone, region and type. */
  readonly labels?: Readonly<Record<string, string>>;
  /** `running` unless said otherwise. */
  readonly state?: 'running' | 'shutdown' | 'missing';
}

export interface DescribedCloud {
  /** Prefix of provider IDs that are not given: `name://node`. */
  readonly name?: string;
  /** Machines by node name. */
  readonly instances?: Readonly<Record<string, DescribedInstance>>;
  /** The machine of every node that `instances` does not name; none when left out. */
  readonly otherInstances?: DescribedInstance;
  /** Where Services of type LoadBalancer get their addresses from: a network, or a domain for host names; nowhere when left out. */
  readonly loadBalancers?: { readonly network: string } | { readonly domain: string };
  /** Whether the cloud makes routes to the pod networks of nodes; it has no say in routes when left out. */
  readonly routes?: boolean;
  /** Provisioners of storage classes that make volumes when asked. */
  readonly volumeProvisioners?: readonly string[];
}

export interface CloudOptions extends ControllerOptions {
  readonly cloud?: DescribedCloud;
}

export interface Instance extends DescribedInstance {
  readonly providerID: string;
}

/** The machine behind a node; undefined when the cloud knows none. */
export function instanceOf({ metadata, spec }: Node, cloud: DescribedCloud): Instance | undefined {
  const name = metadata.name ?? '';
  const described = cloud.instances?.[name] ?? cloud.otherInstances;
  if (!described || described.state === 'missing') return undefined;
  return { ...described, providerID: described.providerID ?? spec.providerID ?? `${cloud.name ?? 'cloud'}://${name}` };
}
