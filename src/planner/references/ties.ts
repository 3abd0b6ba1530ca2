// What an object has to do with others: what it names, which pods it selects, which pods it makes. Plain data, so that threads can
// hand it over.
import type { SourceLocation } from '../../apimachinery/diagnostic.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import type { CronJob } from '../../schema/generated/types/batch-v1.ts';
import type { Pod, Service } from '../../schema/generated/types/core-v1.ts';
import { isTied, type Reference, referencesOf } from './references.ts';

type Labels = Readonly<Record<string, string>>;

/** A reference, with its place once that is known. */
export interface Want extends Reference {
  readonly source?: SourceLocation;
}

export interface Ties {
  readonly wants: readonly Want[];
  /** What a Service selects pods by. */
  readonly selects?: Labels;
  /** Labels of the pods that the object is or makes, and the field where they stand. */
  readonly pods?: { readonly labels: Labels; readonly field: string };
}

/** Undefined where an object has nothing to do with others; the namespace is that of the request. */
export function tiesOf(object: KubeObject, namespace: string | undefined): Ties | undefined {
  if (!isTied(object)) return undefined;
  const { metadata } = object;
  const placed =
    namespace === undefined || metadata.namespace === namespace
      ? object
      : { ...object, metadata: { ...metadata, namespace } };
  const wants = referencesOf(placed);
  const selects = selectorOf(placed);
  const pods = podsOf(placed);
  if (wants.length === 0 && !selects && !pods) return undefined;
  return { wants, ...(selects ? { selects } : {}), ...(pods ? { pods } : {}) };
}

function selectorOf(object: KubeObject): Labels | undefined {
  if (object.kind !== 'Service') return undefined;
  const { selector, type } = (object as Service).spec;
  return type === 'ExternalName' || !selector || Object.keys(selector).length === 0 ? undefined : selector;
}

export function podsOf(object: KubeObject): Ties['pods'] {
  if (!isTied(object)) return undefined;
  switch (object.kind) {
    case 'Pod':
      return labeled((object as Pod).metadata.labels, 'metadata.labels');
    case 'CronJob':
      return labeled(
        (object as CronJob).spec.jobTemplate.spec?.template?.metadata?.labels,
        'spec.jobTemplate.spec.template.metadata.labels',
      );
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'Job':
      return labeled(
        (object as { spec?: { template?: { metadata?: { labels?: Labels } } } }).spec?.template?.metadata?.labels,
        'spec.template.metadata.labels',
      );
    default:
      return undefined;
  }
}

function labeled(labels: Labels | undefined, field: string): Ties['pods'] {
  return labels ? { labels, field } : undefined;
}
