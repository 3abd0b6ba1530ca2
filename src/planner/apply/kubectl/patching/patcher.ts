// Brings one live object to what is wanted by a three-way patch.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/apply/patcher.go, Kubernetes v1.36.3.
// Differs: nothing waits between the attempts.
import { goMarshal } from '../../../../apimachinery/go/json.ts';
import { isMap, type Json, type JsonMap } from '../../../../apimachinery/json.ts';
import { applyMergePatch } from '../../../../apimachinery/patches/merge-patch.ts';
import { applyStrategicMergePatch } from '../../../../apimachinery/patches/strategic-merge-patch/apply.ts';
import { structPatchSchema } from '../../../../apiserver/field-management/types/struct-patch-schema.ts';
import { typeIdOfKind } from '../../../../schema/kinds.ts';
import type { WriteOptions } from '../client.ts';
import { ApiFailure, CommandFailure, isConflict, isInvalid, isNotFound, withSource } from '../failures.ts';
import type { ObjectInfo } from '../input/objects.ts';
import type { Session } from '../session.ts';
import { configurationText, originalConfiguration } from './last-applied-configuration.ts';
import { threeWayPatch } from './three-way-patch.ts';

const MAX_RETRIES = 5;

interface PatcherOptions extends WriteOptions {
  /** Whether the wanted object wins over what others have changed since. */
  readonly overwrite: boolean;
  /** Whether an object that cannot be patched is deleted and made anew. */
  readonly force: boolean;
  /** Whether nothing is sent and the patch is applied here. */
  readonly isLocal: boolean;
  /** The version that the patch insists on. */
  readonly resourceVersion?: string;
}

interface PatchAnswer {
  /** The patch in one line; `{}` when there was nothing to do. */
  readonly patch: string;
  readonly object: JsonMap;
}

/** A failed patch with what was sent, as far as it came to that. */
export class PatchFailure extends Error {
  readonly failure: Error;
  readonly patch: string;
  constructor(failure: Error, patch: string) {
    super(failure.message);
    this.failure = failure;
    this.patch = patch;
  }
}

export function patchObject(
  live: JsonMap,
  modified: JsonMap,
  info: ObjectInfo,
  options: PatcherOptions,
  session: Session,
): PatchAnswer {
  const { mapping, namespace, name, source } = info;
  let current = live;
  for (let attempt = 0; ; attempt++) {
    try {
      return patchOnce(current, modified, info, options, session);
    } catch (thrown) {
      if (!(thrown instanceof PatchFailure)) throw thrown;
      const { failure, patch } = thrown;
      if (isConflict(failure) && attempt < MAX_RETRIES && !options.isLocal) {
        current = session.client.get({ mapping, namespace, name });
        continue;
      }
      if (options.isLocal) throw thrown;
      if (options.force && (isConflict(failure) || isInvalid(failure)))
        return deleteAndCreate(current, modified, info, options, session);
      throw new PatchFailure(withSource(failure, 'patching', source), patch);
    }
  }
}

function patchOnce(
  current: JsonMap,
  modified: JsonMap,
  { mapping, namespace, name }: ObjectInfo,
  options: PatcherOptions,
  session: Session,
): PatchAnswer {
  const { client, output, version } = session;
  const original = originalConfiguration(current);
  const { group, version: served, kind, resource } = mapping;
  const apiVersion = group === '' ? served : `${group}/${served}`;
  const patched = threeWayPatch(
    { original, modified, current },
    { apiVersion, kind, resource, version, overwrite: options.overwrite },
    (text) => output.error(text),
  );
  if (!patched.ok) {
    const [wanted, live] = [configurationText(modified), configurationText(current)];
    const text = `creating patch with:\noriginal:\n${original}\nmodified:\n${wanted}\ncurrent:\n${live}\nfor: ${patched.error}`;
    throw new PatchFailure(new CommandFailure(text), '');
  }
  let { patch } = patched;
  if (Object.keys(patch).length === 0) return { patch: '{}', object: current };
  if (options.isLocal) {
    const typeId = typeIdOfKind(apiVersion, kind, version);
    const result =
      patched.type === 'strategic' && typeId !== undefined
        ? applyStrategicMergePatch(current, patch, structPatchSchema(version, typeId))
        : applyMergePatch(current, patch);
    const text = goMarshal(patch);
    if (!result.ok) throw new PatchFailure(new CommandFailure(`applying patch locally: ${result.error}`), '');
    return { patch: text, object: isMap(result.value) ? result.value : {} };
  }
  if (options.resourceVersion !== undefined) patch = withResourceVersion(patch, options.resourceVersion);
  const text = goMarshal(patch);
  try {
    return { patch: text, object: client.patch({ mapping, namespace, name }, patched.type, patch, options) };
  } catch (thrown) {
    if (thrown instanceof ApiFailure || thrown instanceof CommandFailure) throw new PatchFailure(thrown, text);
    throw thrown;
  }
}

function withResourceVersion(patch: JsonMap, resourceVersion: string): JsonMap {
  const metadata: Json = patch['metadata'] ?? {};
  return { ...patch, metadata: { ...(isMap(metadata) ? metadata : {}), resourceVersion } };
}

function deleteAndCreate(
  original: JsonMap,
  modified: JsonMap,
  { mapping, namespace, name }: ObjectInfo,
  options: WriteOptions,
  { client }: Session,
): PatchAnswer {
  const patch = configurationText(modified);
  const failed = (failure: Error) => new PatchFailure(failure, patch);
  try {
    client.delete({ mapping, namespace, name }, { propagationPolicy: 'Background' });
    client.get({ mapping, namespace, name });
    throw failed(new CommandFailure('context deadline exceeded'));
  } catch (thrown) {
    if (thrown instanceof PatchFailure) throw thrown;
    if (!isNotFound(thrown)) throw failed(thrown instanceof Error ? thrown : new Error(String(thrown)));
  }
  try {
    return { patch, object: client.create(mapping, namespace, modified, options) };
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    throw failed(restoringFailed(thrown, () => client.create(mapping, namespace, original, options)));
  }
}

/** The failure to make the new object, after the old one has been made again. */
function restoringFailed(failure: ApiFailure, restore: () => void): Error {
  try {
    restore();
    return failure;
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    return new CommandFailure(
      `An error occurred force-replacing the existing object with the newly provided one:\n\n${failure.message}.\n\nAdditionally, an error occurred attempting to restore the original object:\n\n${why}`,
    );
  }
}
