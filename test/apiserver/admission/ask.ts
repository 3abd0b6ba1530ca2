// Asks one admission plugin about one request in a cluster that holds the given objects.
import type { JsonMap } from '../../../src/apimachinery/json.ts';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import {
  type AdmissionAttributes,
  type AdmissionContext,
  type AdmissionPlugin,
  type AdmissionWriter,
  isRefusal,
} from '../../../src/apiserver/admission/chain/plugin.ts';
import { clusterReader } from '../../../src/apiserver/cluster-reader.ts';
import { apiVersionOf, type Resource, resourceNameOf } from '../../../src/apiserver/resource.ts';
import { ResourceCatalog } from '../../../src/apiserver/resource-catalog.ts';
import { Store } from '../../../src/apiserver/store/store.ts';
import { findKind } from '../../../src/schema/kinds.ts';

type Json = Readonly<Record<string, unknown>>;
type Sample = Json & { readonly metadata?: Json };

interface Question {
  readonly object?: Sample;
  /** The object as it is stored; makes the request an update. */
  readonly old?: Sample;
  readonly state?: readonly Sample[];
  readonly operation?: AdmissionAttributes['operation'];
  readonly subresource?: string;
  /** Of the request, where the body is of another kind than its resource. */
  readonly resourceOf?: Sample;
  readonly namespace?: string;
  readonly kubernetesVersion?: string;
  readonly gates?: Readonly<Record<string, boolean>>;
}

interface Verdict {
  readonly object: Json & { readonly metadata: Json; readonly spec: Json };
  readonly refused: string | undefined;
  readonly code: number | undefined;
  readonly causes: readonly unknown[];
  readonly warnings: readonly string[];
  /** Objects whose status was written after the request had passed. */
  readonly charged: readonly Json[];
}

const NAMESPACE = 'ns';

/** Runs the mutating step, then the validating one. */
export function ask(plugin: AdmissionPlugin, question: Question): Verdict {
  const { object, old, state = [], subresource = '', kubernetesVersion = '1.36', gates = {} } = question;
  const store = new Store();
  const write = { cause: { who: 'test' }, at: 0 };
  for (const sample of state) store.create(resourceNameOf(resourceOf(sample)), placed(sample), write);
  const resource = resourceOf(question.resourceOf ?? object ?? old!);
  const place = (sample: Sample | undefined) => sample && placed(sample, resource.namespaced);
  const given = place(object);
  const stored = place(old);
  const warnings: string[] = [];
  const deferred: ((writer: AdmissionWriter) => void)[] = [];
  let suffixes = 0;
  const context: AdmissionContext = {
    reader: clusterReader(store),
    now: 0,
    user: { name: 'admin', groups: ['system:masters'] },
    features: { isEnabled: (name) => gates[name] ?? true },
    kubernetesVersion,
    allocate: { uid: () => 'uid', nameSuffix: () => `${suffixes++}bcdf` },
    dryRun: false,
    catalog: new ResourceCatalog([resource]),
    versions: {
      requested: apiVersionOf(resource),
      convert: (given) => given,
      wire: (given) => given as unknown as JsonMap,
      read: (json) => json as unknown as KubeObject,
      typeIn: () => undefined,
    },
    reinvocation: { isReinvocation: false, request: () => undefined, state: (_, make) => make() },
    requestOptions: () => ({}),
    webhooks: [],
    requester: () => ({ name: 'admin', groups: ['system:masters'] }),
    record: () => undefined,
    warn: (text) => void warnings.push(text),
    afterStored: (step) => void deferred.push(step),
  };
  const attributes: AdmissionAttributes = {
    operation: question.operation ?? (old ? 'UPDATE' : 'CREATE'),
    resource,
    subresource,
    namespace: resource.namespaced ? (question.namespace ?? NAMESPACE) : undefined,
    name: (given ?? stored)?.metadata.name ?? '',
    object: given,
    oldObject: stored,
  };
  const mutated = plugin.operations.includes(attributes.operation) ? plugin.mutate?.(attributes, context) : undefined;
  const next = mutated && !isRefusal(mutated) ? mutated : given;
  const admitted = isRefusal(mutated)
    ? mutated
    : plugin.operations.includes(attributes.operation)
      ? plugin.validate?.(next ? { ...attributes, object: next } : attributes, context)
      : undefined;
  const charged: KubeObject[] = [];
  if (!admitted) for (const step of deferred) step({ updateStatus: (quota) => void charged.push(quota) });
  return {
    // What a plugin answers has the shape of what it was given.
    object: next as unknown as Verdict['object'],
    refused: admitted?.refused.message,
    code: admitted?.refused.code,
    causes: admitted?.refused.details?.causes ?? [],
    warnings,
    charged: charged as unknown as readonly Json[],
  };
}

function resourceOf(sample: Sample): Resource {
  const kind = findKind(String(sample['apiVersion']), String(sample['kind']));
  if (!kind) throw new Error(`no kind ${sample['apiVersion']}/${sample['kind']}`);
  const { group, version, resource, singular, namespaced } = kind;
  return { group, version, kind: kind.kind, plural: resource, singular, namespaced, strategy: {} };
}

function placed(sample: Sample, namespaced = resourceOf(sample).namespaced): KubeObject {
  const metadata = namespaced ? { namespace: NAMESPACE, ...sample.metadata } : { ...sample.metadata };
  return { ...sample, metadata } as unknown as KubeObject;
}

export function makeNamespace(labels: Readonly<Record<string, string>> = {}, name = NAMESPACE): Sample {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels }, spec: {}, status: { phase: 'Active' } };
}

export function makePod(spec: Json = {}, metadata: Json = {}): Sample {
  const containers = [{ name: 'c', image: 'i', resources: {} }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', ...metadata },
    spec: { containers, ...spec },
    status: {},
  };
}

/** A container with these requests and limits. */
export function makeContainer(name: string, requests?: Json, limits?: Json): Json {
  return { name, image: 'i', resources: { ...(requests ? { requests } : {}), ...(limits ? { limits } : {}) } };
}

export function makeClaim(spec: Json = {}, metadata: Json = {}, status: Json = {}): Sample {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'claim', ...metadata },
    spec: { resources: {}, ...spec },
    status,
  };
}
