// Names of kinds and resources: group, version, kind, and the texts they are written in.
// Behaviour: staging/src/k8s.io/apimachinery/pkg/runtime/schema/group_version.go, Kubernetes v1.36.3.
import { goQuote } from './go/quote.ts';

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

export interface GroupResource {
  readonly group: string;
  readonly resource: string;
}

export interface GroupVersionKind extends GroupVersion, GroupKind {}

/** "apps/v1" or "v1"; undefined when there is more than one slash. Empty text is the empty group and version. */
export function parseGroupVersion(apiVersion: string): GroupVersion | undefined {
  if (apiVersion === '' || apiVersion === '/') return { group: '', version: '' };
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return { group: '', version: apiVersion };
  if (apiVersion.indexOf('/', slash + 1) >= 0) return undefined;
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function unexpectedGroupVersion(apiVersion: string): string {
  return `unexpected GroupVersion string: ${apiVersion}`;
}

export function groupVersionText(gv: GroupVersion): string {
  return gv.group === '' ? gv.version : `${gv.group}/${gv.version}`;
}

/** The kind an object claims; an apiVersion that does not parse gives only the kind, as upstream does. */
export function groupVersionKindOf(apiVersion: string, kind: string): GroupVersionKind {
  const gv = parseGroupVersion(apiVersion);
  return gv === undefined ? { group: '', version: '', kind } : { group: gv.group, version: gv.version, kind };
}

export function groupVersionKindText(gvk: GroupVersionKind): string {
  return `${gvk.group}/${gvk.version}, Kind=${gvk.kind}`;
}

export function groupKindText(gk: GroupKind): string {
  return gk.group === '' ? gk.kind : `${gk.kind}.${gk.group}`;
}

export function groupResourceText(gr: GroupResource): string {
  return gr.group === '' ? gr.resource : `${gr.resource}.${gr.group}`;
}

/** What discovery and kubectl say when no served version has the kind. */
export function noKindMatch(kind: string, groupVersion: string): string {
  return `no matches for kind ${goQuote(kind)} in version ${goQuote(groupVersion)}`;
}
