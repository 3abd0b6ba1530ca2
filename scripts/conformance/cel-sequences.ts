// Poses a recorded sequence of requests one after the other, each to what the earlier ones left.
import type { KubeObject } from '../../src/apimachinery/object.ts';
import { handleHttp } from '../../src/apiserver/http-request.ts';
import type { Resource } from '../../src/apiserver/resource.ts';
import type { World } from '../../src/planner/world.ts';
import { baseWorld, make, normalized, RECORDED_USER, VERSION } from './validation.ts';

type Json = Record<string, unknown>;
type HttpAnswer = ReturnType<typeof handleHttp>;

interface Step {
  readonly verb: 'create' | 'update' | 'delete' | 'patch';
  readonly object: Json;
  readonly subresource?: string;
  /** Of a patch; `object` names what is patched. */
  readonly patch?: Json;
  readonly patchType?: string;
  readonly fieldManager?: string;
  readonly force?: boolean;
  readonly dryRun?: boolean;
  /** Always succeeds, and is not compared. */
  readonly setup?: boolean;
}
interface Sequence {
  readonly id: string;
  readonly steps: readonly Step[];
}

export async function sequenceRunner(): Promise<(recorded: Sequence) => object> {
  const base = await baseWorld();
  return ({ steps }) => {
    const world = base.fork();
    return { steps: steps.map((step) => answerTo(step, world)) };
  };
}

function answerTo(step: Step, world: World): object {
  const namespace = namespaceOf(step.object);
  if (step.setup && step.verb === 'create') {
    make(world, step.object, namespace);
    return {};
  }
  const resource = resourceOf(step.object, world);
  if (!resource) return { code: 404, reason: 'NoMatch', message: '', causes: [], warnings: [] };
  const stored = world.server.find(resource, resource.namespaced ? namespace : undefined, nameOf(step.object));
  return normalized(send(step, resource, world, stored), step.patch ?? step.object, stored);
}

function send(step: Step, resource: Resource, world: World, stored: KubeObject | undefined): HttpAnswer {
  const { verb, object, subresource, dryRun = false } = step;
  const collection = collectionPath(object, resource);
  const path =
    verb === 'create' ? collection : `${collection}/${nameOf(object)}${subresource ? `/${subresource}` : ''}`;
  if (verb === 'delete') return handleHttp(world.server, { method: 'DELETE', path, dryRun }, VERSION);
  if (verb === 'patch') return sendPatch(step, collection, world);
  const { resourceVersion } = stored?.metadata ?? {};
  const metadata = object['metadata'] as Json;
  const value =
    verb === 'update' && resourceVersion ? { ...object, metadata: { ...metadata, resourceVersion } } : object;
  const body = { tree: { value }, isYaml: false, text: JSON.stringify(value) };
  const method = verb === 'create' ? 'POST' : 'PUT';
  const who = { user: RECORDED_USER, fieldManager: 'recorder' };
  return handleHttp(world.server, { method, path, body, dryRun, fieldValidation: 'Strict', ...who }, VERSION);
}

function sendPatch(step: Step, collection: string, world: World): HttpAnswer {
  const { object, patch = {}, patchType = '', subresource, fieldManager = 'x', force, dryRun = false } = step;
  const name = patchType.includes('apply') ? nameOf(patch) : nameOf(object);
  const request = {
    method: 'PATCH' as const,
    path: `${collection}/${name}${subresource ? `/${subresource}` : ''}`,
    contentType: patchType,
    body: { tree: { value: patch } },
    dryRun,
    fieldValidation: 'Strict' as const,
    fieldManager,
    ...(force === undefined ? {} : { force }),
  };
  return handleHttp(world.server, request, VERSION);
}

function resourceOf(object: Json, world: World): Resource | undefined {
  return world.server.options.catalog.byKind(String(object['apiVersion']), String(object['kind']));
}

function collectionPath(object: Json, { namespaced, plural }: Resource): string {
  const apiVersion = String(object['apiVersion']);
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return namespaced ? `${root}/namespaces/${namespaceOf(object)}/${plural}` : `${root}/${plural}`;
}

function nameOf(object: Json): string {
  return String((object['metadata'] as Json)['name'] ?? '');
}

function namespaceOf(object: Json): string {
  return String((object['metadata'] as Json)['namespace'] ?? 'default');
}
