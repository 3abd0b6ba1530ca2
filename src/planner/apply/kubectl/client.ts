// kubectl's requests to the API server, with the object of each answer as it comes over the wire.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/helper.go, [client-go]/rest/request.go, Kubernetes v1.36.3.
import type { SourceLocation } from '../../../apimachinery/diagnostic.ts';
import { isMap, type Json, type JsonMap } from '../../../apimachinery/json.ts';
import { failure } from '../../../apimachinery/status.ts';
import { type HttpAnswer, type HttpCall, handleHttp, listHttp } from '../../../apiserver/http-request.ts';
import { fieldManagerOf } from '../../../apiserver/http-write-options.ts';
import type { FieldValidation } from '../../../apiserver/request.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import type { Selector } from '../../../selectors/label-selector.ts';
import { ApiFailure, CommandFailure, isNotFound } from './failures.ts';
import type { Mapping } from './mapping.ts';
import type { Output } from './output/output.ts';
import type { KubectlCluster } from './session.ts';

const USER_AGENT = 'kubectl';
const NOT_FOUND = 'the server could not find the requested resource';
const NAMESPACES = '/api/v1/namespaces';

export interface WriteOptions {
  readonly dryRun?: boolean;
  readonly fieldManager?: string;
  readonly fieldValidation?: FieldValidation;
}

/** An object by its resource and name; a namespace of '' is none. */
export interface Target {
  readonly mapping: Mapping;
  readonly namespace: string;
  readonly name: string;
}

interface PatchOptions extends WriteOptions {
  readonly force?: boolean;
  readonly subresource?: string;
}

interface DeleteOptions {
  readonly dryRun?: boolean;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly gracePeriodSeconds?: number;
}

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

const CONTENT_TYPES: Readonly<Record<PatchKind, string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
};

export class KubectlClient {
  readonly server: ApiServer;
  readonly #version: KubernetesVersion;
  readonly #source: KubectlCluster['source'];
  readonly #output: Output;
  readonly #onRefusal: KubectlCluster['onRefusal'];

  constructor({ server, kubernetesVersion, source, onRefusal }: KubectlCluster, output: Output) {
    this.#onRefusal = onRefusal;
    this.server = server;
    this.#version = kubernetesVersion;
    this.#source = source;
    this.#output = output;
  }

  get(target: Target, subresource?: string): JsonMap {
    const path = pathOf(target, subresource);
    return this.#object(handleHttp(this.server, { method: 'GET', path }, this.#version));
  }

  /** Asks for an action on an object: `eviction`. */
  act(target: Target, action: string, body: JsonMap, dryRun: boolean): void {
    const request = {
      method: 'POST',
      path: pathOf(target, action),
      body: { tree: { value: inKeyOrder(body) }, isYaml: false },
      ...written({ dryRun }),
      ...this.#place(target),
    } as const;
    this.#object(handleHttp(this.server, request, this.#version));
  }

  /** The object; when it is missing because its namespace is, that is what the failure says. */
  getInNamespace(target: Target): JsonMap {
    const { namespace } = target;
    try {
      return this.get(target);
    } catch (thrown) {
      if (isNotFound(thrown) && namespace !== '' && namespace !== 'default') {
        const path = `${NAMESPACES}/${namespace}`;
        const answer = handleHttp(this.server, { method: 'GET', path }, this.#version);
        if (answer.status?.reason === 'NotFound') throw new ApiFailure(answer.status);
      }
      throw thrown;
    }
  }

  create(mapping: Mapping, namespace: string, object: JsonMap, options: WriteOptions = {}): JsonMap {
    const { metadata } = object;
    const name = isMap(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '';
    const body = { tree: { value: inKeyOrder(withoutVersion(object)) }, isYaml: false };
    const request = { method: 'POST', path: collectionOf(mapping, namespace), body, ...written(options) } as const;
    return this.#write(request, { mapping, namespace, name });
  }

  /** Replaces an object whatever its version, unless the new one names a version. */
  replace(target: Target, object: JsonMap, options: WriteOptions = {}): JsonMap {
    const path = pathOf(target);
    const metadata = isMap(object['metadata']) ? object['metadata'] : {};
    const body = { tree: { value: inKeyOrder(object) }, isYaml: false };
    if (!metadata['resourceVersion']) {
      const { object: live } = handleHttp(this.server, { method: 'GET', path }, this.#version);
      const version = live && (live as { metadata: { resourceVersion?: string } }).metadata.resourceVersion;
      if (version !== undefined)
        body.tree.value = inKeyOrder({ ...object, metadata: { ...metadata, resourceVersion: version } });
    }
    return this.#write({ method: 'PUT', path, body, ...written(options) }, target);
  }

  patch(target: Target, kind: PatchKind, patch: Json, options: PatchOptions = {}): JsonMap {
    const request = {
      method: 'PATCH',
      path: pathOf(target, options.subresource),
      contentType: CONTENT_TYPES[kind],
      body: { tree: { value: inKeyOrder(patch) } },
      ...written(options),
      ...(options.force === undefined ? {} : { force: options.force }),
    } as const;
    return this.#write(request, target);
  }

  delete(target: Target, options: DeleteOptions = {}): JsonMap {
    return this.#write({ method: 'DELETE', path: pathOf(target), ...options, dryRun: options.dryRun ?? false }, target);
  }

  list(mapping: Mapping, namespace: string, selector: Selector): readonly JsonMap[] {
    const { warnings, status, items } = listHttp(
      this.server,
      collectionOf(mapping, namespace),
      selector,
      this.#version,
    );
    for (const warning of warnings) this.#output.warn(warning);
    if (status) throw new ApiFailure(status);
    // What comes over the wire is JSON.
    return items as readonly JsonMap[];
  }

  /** Writes an object, and says where the wish for it stands. */
  #write(request: HttpCall, target: Target): JsonMap {
    const answer = handleHttp(this.server, { ...request, ...this.#place(target) }, this.#version);
    const { status } = answer;
    if (status) {
      const { namespace, name } = target;
      const { group, version, kind, namespaced } = target.mapping;
      const apiVersion = group === '' ? version : `${group}/${version}`;
      this.#onRefusal?.(status, { apiVersion, kind, name, ...(namespaced ? { namespace } : {}) });
    }
    return this.#object(answer);
  }

  #place({ mapping, namespace, name }: Target): { readonly source?: SourceLocation } {
    const { kind, namespaced } = mapping;
    const source =
      typeof this.#source === 'function'
        ? this.#source({ kind, name, ...(namespaced ? { namespace } : {}) })
        : this.#source;
    return source ? { source } : {};
  }

  #object({ object, status, warnings }: HttpAnswer): JsonMap {
    for (const warning of warnings) this.#output.warn(warning);
    if (!object) throw new ApiFailure(status ?? failure(500, '', ''));
    // What comes over the wire is JSON.
    return object as JsonMap;
  }
}

function written({ dryRun = false, fieldManager = '', fieldValidation = 'Warn' }: WriteOptions) {
  return { dryRun, fieldValidation, fieldManager: fieldManagerOf({ fieldManager }, USER_AGENT) };
}

function pathOf({ mapping, namespace, name }: Target, subresource?: string): string {
  if (name === '') throw new CommandFailure('resource name may not be empty');
  return `${collectionOf(mapping, namespace)}/${name}${subresource ? `/${subresource}` : ''}`;
}

function collectionOf({ group, version, plural, namespaced }: Mapping, namespace: string): string {
  // An object that names no version is asked for at one that no server has.
  if (version === '') throw new ApiFailure(failure(404, 'NotFound', NOT_FOUND));
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespaced && namespace !== '' ? `${root}/namespaces/${namespace}/${plural}` : `${root}/${plural}`;
}

function withoutVersion(object: JsonMap): JsonMap {
  const { metadata } = object;
  if (!isMap(metadata) || !metadata['resourceVersion']) return object;
  const { resourceVersion: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** kubectl writes the keys of every object in order. */
function inKeyOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inKeyOrder);
  if (!isMap(value)) return value;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, inKeyOrder(value[key] ?? null)]));
}
