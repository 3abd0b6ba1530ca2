// How an admission plugin says no: which object it names and in what words.
// Behaviour: [apiserver]/pkg/admission/errors.go, Kubernetes v1.36.3.
import { failure, forbidden, type Status } from '../../../apimachinery/status.ts';
import { groupResourceOf } from '../../resource.ts';
import type { AdmissionAttributes, AdmissionRefusal } from './plugin.ts';

/** A 403 that names the object of the request. */
export function forbid(attributes: AdmissionAttributes, text: string, by: string): AdmissionRefusal {
  return refuseWith(forbidden(groupResourceOf(attributes.resource), subjectName(attributes), text), by);
}

/** An error that upstream gives no status: the client sees a bare 500. */
export function plainError(text: string, by: string): AdmissionRefusal {
  return refuseWith(failure(500, '', text), by);
}

export function refuseWith(refused: Status, by: string): AdmissionRefusal {
  return { refused, by };
}

/** Mutating plugins run before a name is generated: then the prefix stands in for it. */
export function subjectName({ name, object }: AdmissionAttributes): string {
  return name || object?.metadata.name || object?.metadata.generateName || 'Unknown';
}
