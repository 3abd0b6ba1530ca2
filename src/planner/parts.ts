// The pieces of the control plane that a plan runs, in a fixed order: API groups, admission plugins, components.
// A new controller is a folder under controllers/ and a line here.
import { ADMISSION_PLUGINS } from '../apiserver/admission/chain/plugins.ts';
import { loadCel } from '../apiserver/cel/loaded.ts';
import { loadResources } from '../apiserver/groups.ts';
import { COMPONENTS } from './components.ts';
import type { PlanInput, PlanParts } from './plan-input.ts';

/** `groups`: the API groups of all that is given, where that is known; controllers add none that holds expressions. */
export async function loadParts(groups?: readonly string[]): Promise<PlanParts> {
  await loadCel(groups);
  const { withRefusals } = await import('./explain/refusals.ts');
  return { resources: await loadResources(), admission: ADMISSION_PLUGINS, components: COMPONENTS, withRefusals };
}

/** What a verdict needs: the API server alone, with the groups that occur and those that every namespace rests on, or with all. */
export async function loadValidationParts(groups: readonly string[] | undefined, isWhole = false): Promise<PlanParts> {
  await loadCel(groups);
  const resources = await loadResources(groups && !isWhole ? ['', ...groups] : undefined);
  return { resources, admission: ADMISSION_PLUGINS, components: [] };
}

/** The API groups of what an input holds, the described cluster included. */
export function groupsOf({ manifests, cluster }: Pick<PlanInput, 'manifests' | 'cluster'>): string[] {
  const described = (cluster?.file?.spec.objects ?? []).map(({ apiVersion }) => String(apiVersion));
  const given = [...manifests, ...(cluster?.objects ?? [])].map(({ apiVersion }) => apiVersion);
  const groups = [...given, ...described].map((apiVersion) =>
    apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
  );
  return [...new Set(groups)].sort();
}
