// An API server in memory that takes JSON documents and answers as kube-apiserver does, for tests of resources.
import type { KubeObject } from '../../src/apimachinery/object.ts';
import type { AdmissionPlugin } from '../../src/apiserver/admission/chain/plugin.ts';
import type { DescribedWebhook } from '../../src/apiserver/admission/webhook/described-webhook.ts';
import { loadCel } from '../../src/apiserver/cel/loaded.ts';
import { decodeBody } from '../../src/apiserver/decode.ts';
import { loadResources } from '../../src/apiserver/groups.ts';
import { resourceNameOf } from '../../src/apiserver/resource.ts';
import { restoreBootstrap } from '../../src/planner/inventory/load-inventory.ts';
import { World } from '../../src/planner/world.ts';

const VERSION = '1.36';
export const NOW = Date.UTC(2026, 0, 1);

const resources = await loadResources();
await loadCel();

export type Json = Readonly<Record<string, unknown>>;

/** The fields that a test is about; the decoder fills in the rest. */
export interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Json;
  readonly [field: string]: unknown;
}

export interface Verdict {
  readonly code: number;
  /** `field: message` of each cause. */
  readonly causes: readonly string[];
  readonly message: string;
  readonly warnings: readonly string[];
  readonly object: KubeObject & { readonly [field: string]: unknown };
}

interface RequestOptions {
  readonly subresource?: string;
  readonly dryRun?: boolean;
}

export class TestServer {
  readonly world: World;

  constructor(
    featureGates: Readonly<Record<string, boolean>> = {},
    admission: readonly AdmissionPlugin[] = [],
    webhooks: readonly DescribedWebhook[] = [],
  ) {
    this.world = new World({
      kubernetes: { version: VERSION, featureGates, flags: { 'runtime-config': 'api/alpha=true' } },
      resources,
      admission,
      described: { webhooks },
      components: [],
      startAt: NOW,
    });
    restoreBootstrap(this.world, VERSION);
  }

  create(document: Document, options: RequestOptions = {}): Verdict {
    return this.#send('create', document, options);
  }

  update(document: Document, options: RequestOptions = {}): Verdict {
    return this.#send('update', document, options);
  }

  delete(apiVersion: string, kind: string, name: string, namespace?: string): Verdict {
    const { server } = this.world;
    const resource = server.options.catalog.byKind(apiVersion, kind)!;
    return verdictOf(
      server.handle({
        verb: 'delete',
        resource: resourceNameOf(resource),
        name,
        cause: { who: 'test' },
        ...(namespace === undefined ? {} : { namespace }),
      }),
    );
  }

  find(apiVersion: string, kind: string, name: string, namespace?: string): KubeObject | undefined {
    const { server } = this.world;
    return server.find(server.options.catalog.byKind(apiVersion, kind)!, namespace, name);
  }

  #send(verb: 'create' | 'update', document: Document, { subresource, dryRun = false }: RequestOptions): Verdict {
    const { server } = this.world;
    const { apiVersion, kind } = document;
    const resource = server.options.catalog.byKind(apiVersion, kind)!;
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1);
    const body = { tree: { value: structuredClone(document) }, isYaml: false };
    const decoded = decodeBody(body, { resource, version }, VERSION, 'Strict');
    if (!decoded.ok) throw new Error(decoded.status.message);
    const answer = server.handle({
      verb,
      resource: resourceNameOf(resource),
      apiVersion,
      object: decoded.object,
      name: decoded.object.metadata.name ?? '',
      dryRun,
      cause: { who: 'test' },
      ...(resource.namespaced ? { namespace: decoded.object.metadata.namespace ?? 'default' } : {}),
      ...(subresource === undefined ? {} : { subresource }),
    });
    return verdictOf({ ...answer, warnings: [...decoded.warnings, ...answer.warnings] });
  }
}

function verdictOf(answer: ReturnType<World['server']['handle']>): Verdict {
  const causes = answer.ok ? [] : (answer.status.details?.causes ?? []);
  return {
    code: answer.code,
    causes: causes.map(({ field = '', message = '' }) => `${field}: ${message}`),
    message: answer.ok ? '' : (answer.status.message ?? ''),
    warnings: answer.warnings,
    object: (answer.ok ? answer.object : {}) as Verdict['object'],
  };
}
