// What every step of a request has at hand, and how a step ends a request early.
import type { FieldError } from '../../apimachinery/field-error.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { newInvalid, type Status } from '../../apimachinery/status.ts';
import type { AdmissionChange, AdmissionNote } from '../admission/chain/admission-record.ts';
import { type AdmissionAttributes, type AdmissionPlugin, isRefusal } from '../admission/chain/plugin.ts';
import type { DescribedWebhook } from '../admission/webhook/described-webhook.ts';
import type { ClusterReader } from '../cluster-reader.ts';
import type { Answer } from '../request.ts';
import { type AllocationResult, type Resource, resourceNameOf, type StrategyContext } from '../resource.ts';
import type { ResourceCatalog } from '../resource-catalog.ts';
import type { Store, WriteContext } from '../store/store.ts';
import { AdmissionRun, type DeferredWrite } from './admission-run.ts';
import type { Recording } from './create/create-alike.ts';
import type { OptionsOf } from './request-options.ts';

export interface RequestScope {
  readonly resource: Resource;
  readonly catalog: ResourceCatalog;
  readonly store: Store;
  readonly admission: readonly AdmissionPlugin[];
  readonly context: StrategyContext;
  readonly write: WriteContext;
  /** Whose the fields are that the request sets; undefined when ownership is not tracked. */
  readonly fieldManager: string | undefined;
  /** Warning headers collected so far. */
  readonly warnings: string[];
  /** How the request was sent. */
  readonly options: OptionsOf;
  /** Whether somebody is named as the one who asks. */
  readonly isUserGiven: boolean;
  /** What is known of the answers of webhooks. */
  readonly webhooks: readonly DescribedWebhook[];
  /** Takes down what policies and webhooks made of the request. */
  readonly note?: ((note: AdmissionNote) => void) | undefined;
  readonly changed?: ((change: AdmissionChange) => void) | undefined;
  /** Notes whether the next request could go the same way. */
  readonly recording?: Recording;
}

/** A step's outcome: the object to go on with, or the answer that ends the request. */
type Step = { readonly object: KubeObject } | { readonly status: Status };

export function refuse(status: Status, warnings: readonly string[]): Answer {
  return { ok: false, code: status.code, status, warnings };
}

export function accept(code: number, object: KubeObject, warnings: readonly string[]): Answer {
  return { ok: true, code, object, warnings };
}

export function invalid(scope: RequestScope, name: string, errors: readonly FieldError[]): Status {
  return newInvalid({ group: scope.resource.group, kind: scope.resource.kind }, name, errors);
}

/** The answer when nothing could be allocated. */
export function notAllocated(
  scope: RequestScope,
  name: string,
  refusal: Extract<AllocationResult<never>, { readonly ok: false }>,
): Status {
  return 'status' in refusal ? refusal.status : invalid(scope, name, refusal.errors);
}

type PluginQuestion = Pick<AdmissionAttributes, 'operation' | 'resource' | 'subresource' | 'namespace'>;

/** The plugins that have a step for an operation on a resource, found once for each list of plugins. */
function pluginsFor(
  phase: 'mutate' | 'validate',
  { operation, resource, subresource }: PluginQuestion,
  plugins: readonly AdmissionPlugin[],
): readonly AdmissionPlugin[] {
  let table = pluginTables.get(plugins);
  if (!table) pluginTables.set(plugins, (table = new WeakMap()));
  let phases = table.get(resource);
  if (!phases) table.set(resource, (phases = { mutate: new Map(), validate: new Map() }));
  let steps = phases[phase].get(subresource);
  if (!steps) phases[phase].set(subresource, (steps = new Map()));
  let found = steps.get(operation);
  if (!found) {
    const name = resourceNameOf(resource);
    found = plugins.filter(
      (plugin) =>
        plugin[phase] &&
        plugin.operations.includes(operation) &&
        (plugin.resources?.includes(name) ?? true) &&
        (plugin.subresources?.includes(subresource) ?? true),
    );
    steps.set(operation, found);
  }
  return found;
}

/** By subresource and operation. */
type Steps = Map<string, Map<string, readonly AdmissionPlugin[]>>;

const pluginTables = new WeakMap<
  readonly AdmissionPlugin[],
  WeakMap<Resource, { readonly mutate: Steps; readonly validate: Steps }>
>();

function lacksNeeds({ needs }: AdmissionPlugin, { namespace }: PluginQuestion, reader: ClusterReader): boolean {
  return needs !== undefined && reader.list(needs, namespace).length === 0;
}

/**
 * Runs the mutating or the validating phase of admission; deferred writes are collected in `after`. `since` is what has become of
 * the attributes, which are only put together where a plugin has something to do.
 */
export function admit(
  phase: 'mutate' | 'validate',
  attributes: AdmissionAttributes,
  scope: RequestScope,
  after: DeferredWrite[],
  since?: Partial<Pick<AdmissionAttributes, 'name' | 'object'>>,
): Step | undefined {
  const plugins = pluginsFor(phase, attributes, scope.admission);
  const { reader } = scope.context;
  let context: AdmissionRun | undefined;
  let given = attributes;
  let { object } = since ?? attributes;
  do {
    for (const plugin of plugins) {
      if (plugin.isIdle) {
        if (plugin.isIdle(reader)) continue;
        scope.recording?.spoil();
      }
      if (lacksNeeds(plugin, attributes, reader)) continue;
      if (!context) {
        if (since) given = { ...attributes, ...since };
        context = new AdmissionRun(given, scope, after);
      }
      const result = plugin[phase]?.(given, context);
      if (isRefusal(result)) return { status: result.refused };
      if (phase !== 'mutate' || !result || result === given.object) continue;
      const { object: from, namespace, name } = given;
      const resource = resourceNameOf(given.resource);
      scope.changed?.({ plugin: plugin.name, resource, namespace, name, from, to: result, cause: scope.write.cause });
      given = { ...given, object: result };
      object = result;
    }
  } while (context?.isReinvoked());
  return object && { object };
}

/** Carries out what admission plugins deferred until the object was stored. */
export function runDeferred(after: readonly DeferredWrite[], scope: RequestScope): void {
  if (scope.context.dryRun) return;
  for (const write of after)
    write({
      updateStatus(object) {
        const resource = scope.catalog.byKind(object.apiVersion, object.kind);
        if (resource) scope.store.update(resourceNameOf(resource), object, undefined, scope.write);
      },
    });
}
