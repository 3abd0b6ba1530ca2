// The pieces of the control plane that a plan runs, in a fixed order: API groups, admission plugins, components.
// A new controller is a folder under controllers/ and a line here.
import { ADMISSION_PLUGINS } from '../apiserver/admission/plugins.ts';
import { loadResources } from '../apiserver/groups.ts';
import { COMPONENTS } from './components.ts';
import type { PlanParts } from './make-plan.ts';

export async function loadParts(): Promise<PlanParts> {
  return { resources: await loadResources(), admission: ADMISSION_PLUGINS, components: COMPONENTS };
}

/** What a verdict needs: the API server alone, with the groups that occur and those that every namespace rests on. */
export async function loadValidationParts(groups: readonly string[] | undefined): Promise<PlanParts> {
  const resources = await loadResources(groups && ['', ...groups]);
  return { resources, admission: ADMISSION_PLUGINS, components: [] };
}
