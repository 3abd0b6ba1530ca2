// The set of objects that one parent object keeps track of, and the pruning of what has left it.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/apply/{applyset,applyset_pruner}.go, Kubernetes v1.36.3.
import { createHash } from 'node:crypto';
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';
import type { FieldValidation } from '../../../../apiserver/request.ts';
import type { ResourceCatalog } from '../../../../apiserver/resource-catalog.ts';
import { selectorFromSet } from '../../../../selectors/label-selector.ts';
import type { Target } from '../client.ts';
import { ApiFailure, CommandFailure, isConflict, isNotFound } from '../failures.ts';
import type { DryRun } from '../input/flags.ts';
import type { ObjectInfo } from '../input/objects.ts';
import { type Mapping, preferredMapping } from '../mapping.ts';
import { withoutNulls } from '../patching/last-applied-configuration.ts';
import type { Session } from '../session.ts';
import type { Prunable, Visited } from './prune.ts';

const TOOL = 'kubectl';
/** The version of kubectl that this one is like. */
const TOOL_VERSION = 'v1.36.3';
const MANAGER = `${TOOL}-applyset`;
const TOOLING = 'applyset.kubernetes.io/tooling';
const NAMESPACES = 'applyset.kubernetes.io/additional-namespaces';
const KINDS = 'applyset.kubernetes.io/contains-group-kinds';
const RESOURCES = 'applyset.kubernetes.io/contains-group-resources';
const ID = 'applyset.kubernetes.io/id';
const PART_OF = 'applyset.kubernetes.io/part-of';
const IS_PARENT_TYPE = 'applyset.kubernetes.io/is-parent-type';
const BUILT_IN_PARENTS = ['secrets', 'configmaps'];

export class ApplySet {
  readonly #session: Session;
  readonly #parent: Mapping;
  readonly #name: string;
  readonly #namespace: string;
  #kinds: ReadonlyMap<string, Mapping> = new Map();
  #namespaces: ReadonlySet<string> = new Set();
  readonly #nextKinds = new Map<string, Mapping>();
  readonly #nextNamespaces = new Set<string>();

  /** `reference` is `[RESOURCE[.GROUP]/]NAME`. */
  constructor(reference: string, session: Session) {
    const { mapping, name } = parseParent(reference, session.client.server.options.catalog);
    this.#session = session;
    this.#parent = mapping;
    this.#name = name;
    this.#namespace = mapping.namespaced && session.isEnforced ? session.namespace : '';
  }

  get #target(): Target {
    return { mapping: this.#parent, namespace: this.#namespace, name: this.#name };
  }

  get id(): string {
    const { kind, group } = this.#parent;
    const hash = createHash('sha256').update([this.#name, this.#namespace, kind, group].join('.')).digest('base64url');
    return `applyset-${hash}-v1`;
  }

  validate(): void {
    const { namespaced, group, plural, version } = this.#parent;
    const errors: string[] = [];
    if (namespaced && this.#namespace === '') errors.push('namespace is required to use namespace-scoped ApplySet');
    if (!this.#isBuiltInParent && !this.#isPermittedParent())
      errors.push(
        `resource ${goQuote(`${group}/${version}, Resource=${plural}`)} is not permitted as an ApplySet parent`,
      );
    if (errors.length > 0) throw new CommandFailure(errors.length === 1 ? (errors[0] ?? '') : `[${errors.join(', ')}]`);
  }

  get #isBuiltInParent(): boolean {
    const { group, plural } = this.#parent;
    return group === '' && BUILT_IN_PARENTS.includes(plural);
  }

  #isPermittedParent(): boolean {
    const { client } = this.#session;
    const definitions = preferredMapping(
      client.server.options.catalog,
      'apiextensions.k8s.io',
      'CustomResourceDefinition',
    );
    if (!definitions) return false;
    const isParent = (object: JsonMap) => {
      const { name, labels } = isMap(object['metadata']) ? object['metadata'] : ({} as JsonMap);
      const isWanted = name === `${this.#parent.plural}.${this.#parent.group}`;
      return isWanted && isMap(labels) && Object.hasOwn(labels, IS_PARENT_TYPE);
    };
    return client.list(definitions, '', selectorFromSet({})).some(isParent);
  }

  /** The object as a member of this set. */
  labelled(info: ObjectInfo): ObjectInfo {
    const metadata = isMap(info.object['metadata']) ? info.object['metadata'] : {};
    const labels = isMap(metadata['labels']) ? metadata['labels'] : {};
    if (Object.hasOwn(labels, PART_OF))
      throw new CommandFailure(`ApplySet label ${goQuote(PART_OF)} already set in input data`);
    const next = { ...metadata, labels: { ...withoutNulls(labels), [PART_OF]: this.id } };
    return { ...info, object: { ...info.object, metadata: next } };
  }

  /** Makes the parent cover what is applied now besides what it has covered, so that nothing can be lost. */
  beforeApply(infos: readonly ObjectInfo[], dryRun: DryRun, validation: FieldValidation): void {
    this.#fetchParent();
    for (const { mapping, namespace } of infos) {
      const id = kindId(mapping);
      if (!this.#nextKinds.has(id)) this.#nextKinds.set(id, mapping);
      if (mapping.namespaced && namespace !== '') this.#nextNamespaces.add(namespace);
    }
    const kinds = [...this.#kinds.keys(), ...this.#nextKinds.keys()];
    this.#updateParent(kinds, [...this.#namespaces, ...this.#nextNamespaces], dryRun, validation);
  }

  *prunable(visited: Visited): Generator<Prunable> {
    const selector = selectorFromSet({ [PART_OF]: this.id });
    const found: Prunable[] = [];
    for (const mapping of this.#kinds.values())
      for (const namespace of mapping.namespaced ? this.#namespaces : [''])
        for (const object of this.#session.client.list(mapping, namespace, selector))
          if (!visited.has(object)) found.push({ mapping, namespace, object });
    yield* found;
  }

  /** Reduces the parent to what has been applied. */
  afterPrune(dryRun: DryRun, validation: FieldValidation): void {
    try {
      this.#updateParent([...this.#nextKinds.keys()], [...this.#nextNamespaces], dryRun, validation);
    } catch (thrown) {
      if (!(thrown instanceof CommandFailure)) throw thrown;
      throw new CommandFailure(`apply and prune succeeded, but ApplySet update failed: ${thrown.message}`);
    }
  }

  #fetchParent(): void {
    const { client } = this.#session;
    const { plural, group } = this.#parent;
    const shown = goQuote(`${plural}.${group}/${this.#name}`);
    let live: JsonMap;
    try {
      live = client.get(this.#target);
    } catch (thrown) {
      if (!isNotFound(thrown)) {
        const why = thrown instanceof Error ? thrown.message : String(thrown);
        throw new CommandFailure(`failed to fetch ApplySet parent object ${shown}: ${why}`);
      }
      if (!this.#isBuiltInParent)
        throw new CommandFailure('custom resource ApplySet parents cannot be created automatically');
      return;
    }
    const { labels, annotations } = metadataOf(live);
    const tooling = annotations[TOOLING];
    const isThere = `ApplySet parent object ${shown} already exists and`;
    if (tooling === undefined)
      throw new CommandFailure(`${isThere} is missing required annotation ${goQuote(TOOLING)}`);
    const tool = tooling.includes('/') ? tooling.slice(0, tooling.lastIndexOf('/')) : tooling;
    if (tool !== TOOL)
      throw new CommandFailure(`${isThere} is managed by tooling ${goQuote(tool)} instead of ${goQuote(TOOL)}`);
    const id = labels[ID];
    if (id === undefined)
      throw new CommandFailure(`ApplySet parent object ${shown} exists and does not have required label ${ID}`);
    if (id !== this.id)
      throw new CommandFailure(
        `ApplySet parent object ${shown} exists and has incorrect value for label ${goQuote(ID)} (got: ${id}, want: ${this.id})`,
      );
    this.#kinds = this.#parseKinds(annotations, shown);
    const namespaces = (annotations[NAMESPACES] ?? '').split(',').filter((each) => each !== '');
    this.#namespaces = new Set(this.#parent.namespaced ? [...namespaces, this.#namespace] : namespaces);
  }

  #parseKinds(annotations: Readonly<Record<string, string>>, shown: string): Map<string, Mapping> {
    const { catalog } = this.#session.client.server.options;
    const failed = (text: string) => new CommandFailure(`parsing ApplySet annotation on ${shown}: ${text}`);
    const kinds = new Map<string, Mapping>();
    const text = annotations[KINDS];
    if (text === undefined && !annotations[RESOURCES])
      throw failed(`kubectl requires the ${goQuote(KINDS)} annotation to be set on all ApplySet parent objects`);
    for (const id of (text ?? '').split(',').filter((each) => each !== '')) {
      const [kind, group] = cut(id);
      const mapping = preferredMapping(catalog, group, kind);
      if (!mapping)
        throw failed(
          `could not find mapping for kind in ${goQuote(KINDS)} annotation: no matches for kind ${goQuote(kind)} in group ${goQuote(group)}`,
        );
      kinds.set(id, mapping);
    }
    if (text !== undefined) return kinds;
    for (const id of (annotations[RESOURCES] ?? '').split(',')) {
      const [plural, group] = cut(id);
      const resource = catalog.byName(group === '' ? plural : `${plural}.${group}`);
      const mapping = resource && preferredMapping(catalog, group, resource.kind);
      if (!mapping)
        throw failed(
          `invalid group resource in ${goQuote(RESOURCES)} annotation: no matches for ${group}/, Resource=${plural}`,
        );
      kinds.set(kindId(mapping), mapping);
    }
    return kinds;
  }

  #updateParent(
    kinds: readonly string[],
    namespaces: readonly string[],
    dryRun: DryRun,
    fieldValidation: FieldValidation,
  ): void {
    if (dryRun === 'client') return;
    const { kind, group, version } = this.#parent;
    const annotations = {
      [TOOLING]: `${TOOL}/${TOOL_VERSION}`,
      [KINDS]: listed(kinds),
      [NAMESPACES]: listed(namespaces.filter((each) => each !== this.#namespace)),
    };
    const metadata = {
      name: this.#name,
      ...(this.#namespace === '' ? {} : { namespace: this.#namespace }),
      annotations,
      labels: { [ID]: this.id },
    };
    const parent: JsonMap = { kind, apiVersion: group === '' ? version : `${group}/${version}`, metadata };
    const apply = (force: boolean) =>
      this.#session.client.patch(this.#target, 'apply', parent, {
        dryRun: dryRun === 'server',
        fieldManager: MANAGER,
        fieldValidation,
        force,
      });
    try {
      this.#retried(apply);
    } catch (thrown) {
      if (!(thrown instanceof ApiFailure)) throw thrown;
      throw new CommandFailure(`failed to update ApplySet: ${thrown.message}`);
    }
  }

  #retried(apply: (force: boolean) => unknown): void {
    try {
      apply(false);
    } catch (thrown) {
      if (!isConflict(thrown) || !(thrown instanceof Error)) throw thrown;
      this.#session.output.log(
        'applyset.go:447',
        `WARNING: failed to update ApplySet: ${thrown.message}\nApplySet field manager ${MANAGER} should own these fields. Retrying with conflicts forced.`,
      );
      apply(true);
    }
  }
}

function parseParent(
  reference: string,
  catalog: ResourceCatalog,
): { readonly mapping: Mapping; readonly name: string } {
  const slash = reference.indexOf('/');
  const [resource, name] = slash < 0 ? ['secrets', reference] : [reference.slice(0, slash), reference.slice(slash + 1)];
  const failed = (text: string) => new CommandFailure(`invalid parent reference ${goQuote(reference)}: ${text}`);
  if (name === '') throw failed('name cannot be blank');
  const [plural, group] = cut(resource);
  const found = catalog
    .all()
    .find((each) => (each.plural === plural || each.singular === plural) && (group === '' || each.group === group));
  const mapping = found && preferredMapping(catalog, found.group, found.kind);
  if (!mapping) throw failed(`no matches for ${group}/, Resource=${plural}`);
  return { mapping, name };
}

/** `Deployment.apps` as kind and group. */
function cut(text: string): readonly [string, string] {
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}

function kindId({ kind, group }: Mapping): string {
  return group === '' ? kind : `${kind}.${group}`;
}

function listed(names: readonly string[]): string {
  return [...new Set(names)].sort().join(',');
}

type Texts = Readonly<Record<string, string>>;

function metadataOf({ metadata }: JsonMap): { readonly labels: Texts; readonly annotations: Texts } {
  const { labels, annotations } = isMap(metadata) ? metadata : ({} as JsonMap);
  // Labels and annotations are texts.
  const texts = (value: unknown) => (typeof value === 'object' && value !== null ? (value as Texts) : {});
  return { labels: texts(labels), annotations: texts(annotations) };
}
