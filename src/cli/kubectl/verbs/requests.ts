// The requests of a verb to the API server, on the objects that its arguments name.
import type { Json, JsonMap } from '../../../apimachinery/json.ts';
import type { KubeObject } from '../../../apimachinery/object.ts';
import { onWire } from '../../../apiserver/http-request.ts';
import type { FieldValidation } from '../../../apiserver/request.ts';
import { KubectlClient, type PatchKind } from '../../../planner/apply/kubectl/client.ts';
import type { Mapping } from '../../../planner/apply/kubectl/mapping.ts';
import { decodeObject } from '../../../schema/decode/decode-object.ts';
import { encodeObject } from '../../../schema/encode.ts';
import { typeIdOfKind } from '../../../schema/kinds.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { type DryRun, VerbPrinter } from '../print-object.ts';
import { resourceText, type ServedResource } from '../resources.ts';
import type { Found } from '../select-objects.ts';

interface RequestOptions {
  readonly manager?: string;
  readonly subresource?: string;
  readonly fieldValidation?: FieldValidation;
}

/** One run of a verb: how it prints, whether it only pretends, and its way to the API server. */
export class VerbRun {
  readonly given: ParsedArguments;
  readonly context: KubectlContext;
  readonly output: Output;
  readonly dryRun: DryRun;
  readonly printer: VerbPrinter;
  readonly version: KubernetesVersion;
  readonly client: KubectlClient;

  constructor(
    given: ParsedArguments,
    context: KubectlContext,
    output: Output,
    { tellsDryRun = true, isTyped = false, opensLate = false } = {},
  ) {
    this.given = given;
    this.context = context;
    this.output = output;
    this.dryRun = dryRunStrategy(given, output);
    const printing = { dryRun: tellsDryRun ? this.dryRun : 'none', isTyped, opensLate } as const;
    this.printer = new VerbPrinter(given, context, output, printing);
    const cluster = context.cluster();
    this.version = cluster.kubernetesVersion;
    this.client = new KubectlClient(cluster, output);
  }

  /** Whether nothing is asked of the server. */
  get isClientOnly(): boolean {
    return this.dryRun === 'client';
  }

  get namespace(): string {
    return this.given.value('namespace') ?? 'default';
  }

  get validation(): FieldValidation {
    return validationOf(this.given);
  }

  patch({ resource, object }: Found, kind: PatchKind, patch: Json, options: RequestOptions = {}): JsonMap {
    const { namespace = '', name = '' } = object.metadata;
    return this.client.patch({ mapping: this.mapping(resource), namespace, name }, kind, patch, {
      ...this.#written(options),
      ...(options.subresource === undefined ? {} : { subresource: options.subresource }),
    });
  }

  create(object: JsonMap, options: RequestOptions = {}): JsonMap {
    const { apiVersion, kind } = object;
    const resource = this.context.view.resources.byKind(String(apiVersion), String(kind));
    if (!resource) throw new KubectlError(`no matches for kind "${kind}" in version "${apiVersion}"`);
    const mapping = this.mapping(resource);
    return this.client.create(mapping, resource.namespaced ? this.namespace : '', object, this.#written(options));
  }

  /** Prints an object that a typed client has read. */
  printTyped(object: JsonMap, operation: string): void {
    this.printer.print(encoded(object, this.version), operation);
  }

  /** The object as the server writes it. */
  onWire(object: KubeObject): JsonMap {
    return onWire(object, this.version);
  }

  mapping({ group, version, kind, plural, namespaced }: ServedResource): Mapping {
    const resource = this.client.server.options.catalog.byName(resourceText({ group, plural }));
    if (!resource) throw new KubectlError('the server could not find the requested resource', { reason: 'NotFound' });
    return { group, version, kind, plural, namespaced, resource };
  }

  #written({ manager, fieldValidation }: RequestOptions) {
    const fieldManager = this.given.value('field-manager') || manager;
    return {
      dryRun: this.dryRun === 'server',
      ...(fieldManager ? { fieldManager } : {}),
      ...(fieldValidation ? { fieldValidation } : {}),
    };
  }
}

/** An object of a typed client as Go writes it: with the structs that are never left out. */
export function encoded(object: JsonMap, version: KubernetesVersion): JsonMap {
  const { apiVersion, kind } = object;
  const typeId = typeIdOfKind(String(apiVersion), String(kind), version);
  if (typeId === undefined) return object;
  const decoded = decodeObject<KubeObject>(version, typeId, { value: object }, { strict: false });
  if (!decoded.ok) throw new KubectlError(decoded.error);
  // Encoding maps an object of this type to the JSON object that Go writes for it.
  return encodeObject(version, typeId, { ...decoded.object, apiVersion, kind }) as JsonMap;
}

function dryRunStrategy(given: ParsedArguments, output: Output): DryRun {
  const text = given.value('dry-run') ?? 'none';
  if (text === 'client' || text === 'server' || text === 'none') return text;
  if (text === 'unchanged') {
    output.log('helpers.go:719', '--dry-run is deprecated and can be replaced with --dry-run=client.');
    return 'client';
  }
  const isOn = ['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text);
  if (!isOn && !['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text))
    throw new KubectlError(`Invalid dry-run value (${text}). Must be "none", "server", or "client".`);
  const instead = isOn ? 'client' : 'none';
  output.log(
    `helpers.go:${isOn ? 733 : 736}`,
    `--dry-run=${text} is deprecated (boolean value) and can be replaced with --dry-run=${instead}.`,
  );
  return instead;
}

function validationOf(given: ParsedArguments): FieldValidation {
  switch (given.value('validate') ?? 'strict') {
    case 'warn':
      return 'Warn';
    case 'ignore':
    case 'false':
      return 'Ignore';
    case 'strict':
    case 'true':
      return 'Strict';
    default:
      throw new KubectlError(
        `invalid - validate option "${given.value('validate')}"; must be one of: strict (or true), warn, ignore (or false)`,
      );
  }
}
