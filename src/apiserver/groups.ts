// Every API group by the folder that holds its resources, loaded when asked for. A new group is a folder with resources.ts and a line here.
import type { Resource } from './resource.ts';

type Load = () => Promise<readonly Resource[]>;

const GROUPS: Readonly<Record<string, Load>> = {
  '': async () => (await import('./core/resources.ts')).coreResources,
  apps: async () => (await import('./apps/resources.ts')).appsResources,
  batch: async () => (await import('./batch/resources.ts')).batchResources,
  autoscaling: async () => (await import('./autoscaling/resources.ts')).autoscalingResources,
  policy: async () => (await import('./policy/resources.ts')).policyResources,
  'networking.k8s.io': async () => (await import('./networking/resources.ts')).networkingResources,
  'rbac.authorization.k8s.io': async () => (await import('./rbac/resources.ts')).rbacResources,
  'scheduling.k8s.io': async () => (await import('./scheduling/resources.ts')).schedulingResources,
  'coordination.k8s.io': async () => (await import('./coordination/resources.ts')).coordinationResources,
  'discovery.k8s.io': async () => (await import('./discovery/resources.ts')).discoveryResources,
  'node.k8s.io': async () => (await import('./node/resources.ts')).nodeResources,
  'storage.k8s.io': async () => (await import('./storage/resources.ts')).storageResources,
  'certificates.k8s.io': async () => (await import('./certificates/resources.ts')).certificatesResources,
  'flowcontrol.apiserver.k8s.io': async () => (await import('./flowcontrol/resources.ts')).flowcontrolResources,
  'resource.k8s.io': async () => (await import('./resource/resources.ts')).resourceResources,
  'admissionregistration.k8s.io': async () =>
    (await import('./admissionregistration/resources.ts')).admissionregistrationResources,
  'apiregistration.k8s.io': async () => (await import('./apiregistration/resources.ts')).apiregistrationResources,
  'events.k8s.io': async () => (await import('./events/resources.ts')).eventsResources,
  'apiextensions.k8s.io': async () => (await import('./apiextensions/resources.ts')).apiextensionsResources,
};

/** The resources of these groups, or of all. */
export async function loadResources(groups: Iterable<string> = Object.keys(GROUPS)): Promise<readonly Resource[]> {
  const loaded = await Promise.all([...new Set(groups)].sort().map((group) => GROUPS[group]?.() ?? []));
  return loaded.flat();
}
