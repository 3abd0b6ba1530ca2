// `kubectl patch`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/patch/patch.go, Kubernetes v1.36.3.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { Json, JsonMap } from '../../../apimachinery/json.ts';
import { badRequest } from '../../../apimachinery/status.ts';
import { parseYamlDocument } from '../../../manifests/yaml-document.ts';
import { ApiFailure } from '../../../planner/apply/kubectl/failures.ts';
import { parseJson, plainJson } from '../../../schema/decode/json-tree.ts';
import { typeIdOfKind } from '../../../schema/kinds.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { apiVersionOf } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import { type LocalPatchType, locallyPatched, type PatchText } from './local-patch.ts';
import { VerbRun } from './requests.ts';
import { selectForVerb, visitFound } from './verb-selection.ts';

const TYPES = ['json', 'merge', 'strategic'] as const;
const ERR_BOTH = 'cannot specify --patch and --patch-file together';
const ERR_NONE = 'must specify --patch or --patch-file containing the contents of the patch';

export function patch(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const text = given.value('patch') ?? '';
  const file = given.value('patch-file') ?? '';
  if (text !== '' && file !== '') throw new KubectlError(ERR_BOTH);
  if (text === '' && file === '') throw new KubectlError(ERR_NONE);
  const typeText = (given.value('type') ?? 'strategic').toLowerCase();
  const type = TYPES.find((known) => known === typeText);
  if (!type)
    throw new KubectlError(`--type must be one of [${TYPES.join(' ')}], not ${goQuote(given.value('type') ?? '')}`);
  const run = new VerbRun(given, context, output, { tellsDryRun: false, opensLate: true });
  const body = readPatch(file === '' ? text : contentOf(file, context), text);
  const subresource = given.value('subresource');
  const selection = selectForVerb(given, context, given.arguments);
  output.warnLines(selection.warnings);
  if (selection.found.length + selection.errors.length === 0) throw new KubectlError('no objects passed to patch');
  visitFound(selection, (found) => {
    const kind = { apiVersion: apiVersionOf(found.resource), kind: found.resource.kind };
    const before = { ...run.onWire(found.object), ...kind };
    const after = run.isClientOnly || given.flag('local') ? appliedHere(before, body, type, run) : send(found);
    // A described object may be stored under another version than it tells; what is only tried is not stored at all.
    const isStored = run.dryRun === 'none';
    const isChanged = isStored
      ? !semanticDeepEqual(before, after)
      : !semanticDeepEqual(unversioned(before), unversioned(after));
    run.printer.print(after, isChanged ? 'patched' : 'patched (no change)');
  });

  function send(found: Found): JsonMap {
    if (!body.ok) throw new ApiFailure(badRequest(body.error));
    const { namespace = '', name = '' } = found.object.metadata;
    return sent(found, type ?? 'strategic', () =>
      run.client.patch({ mapping: run.mapping(found.resource), namespace, name }, type ?? 'strategic', body.value, {
        dryRun: run.dryRun === 'server',
        fieldManager: given.value('field-manager') || 'kubectl-patch',
        ...(subresource ? { subresource } : {}),
      }),
    );
  }
}

function unversioned({ metadata, ...object }: JsonMap): JsonMap {
  const { resourceVersion: _, ...rest } = metadata as JsonMap;
  return { ...object, metadata: rest };
}

/** Nobody looks at what comes out. */
function appliedHere(object: JsonMap, body: PatchText, type: LocalPatchType, { version }: VerbRun): JsonMap {
  const { apiVersion, kind } = object;
  if (type === 'strategic' && typeIdOfKind(String(apiVersion), String(kind), version) === undefined)
    throw new KubectlError(
      `strategic merge patch is not supported for ${apiVersion}, Kind=${kind} locally, try --type merge`,
    );
  const patched = locallyPatched(object, body, type, version);
  if (patched.ok) return patched.value as JsonMap;
  const missing = /doc is missing key/.test(patched.error) ? patched.error.indexOf('key:') : -1;
  throw new KubectlError(
    missing < 0 ? patched.error : `Object to be patched is missing field (${patched.error.slice(missing + 5)})`,
  );
}

const MEDIA_TYPES: Readonly<Record<(typeof TYPES)[number], string>> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
};

function sent<T>({ resource }: Found, type: (typeof TYPES)[number], send: () => T): T {
  try {
    return send();
  } catch (error) {
    if (!(error instanceof ApiFailure) || error.status.reason !== 'UnsupportedMediaType') throw error;
    throw new KubectlError(
      `${MEDIA_TYPES[type]} is not supported by ${apiVersionOf(resource)}, Kind=${resource.kind}: ${error.message}`,
    );
  }
}

function contentOf(path: string, { files }: KubectlContext): string {
  if (files.kind(path) === 'missing')
    throw new KubectlError(`unable to read patch file: open ${path}: no such file or directory`);
  return files.read(path);
}

/** What stands in braces goes to the server as it is; everything else is read as YAML. */
function readPatch(text: string, shown: string): PatchText {
  if (/^\s*\{/.test(text)) {
    const parsed = parseJson(text);
    return parsed.ok ? { ok: true, value: plainJson(parsed.tree.value) as Json } : parsed;
  }
  const { value, error } = parseYamlDocument(text);
  if (error) throw new KubectlError(`unable to parse ${goQuote(shown)}: yaml: ${error.message.replace(/^yaml: /, '')}`);
  // YAML that Kubernetes can read is JSON.
  return { ok: true, value: value as Json };
}
