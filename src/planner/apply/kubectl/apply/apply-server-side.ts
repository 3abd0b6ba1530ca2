// kubectl apply --server-side of one object, with the move of an object that client-side apply has owned until now.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go (applyOneObject, saveLastApplyAnnotationIfNecessary,
// migrateToSSAIfNecessary), Kubernetes v1.36.3.
import { isMap, type Json, type JsonMap } from '../../../../apimachinery/json.ts';
import type { ManagedFieldsEntry } from '../../../../apimachinery/object.ts';
import { LAST_APPLIED } from '../../../../apimachinery/well-known/annotations.ts';
import type { WriteOptions } from '../client.ts';
import { ApiFailure, CommandFailure, isConflict } from '../failures.ts';
import type { ObjectInfo } from '../input/objects.ts';
import { hasLastApplied, originalConfiguration } from '../patching/last-applied-configuration.ts';
import { migratedManagers, ownersOfLastApplied } from '../patching/migrate-managers.ts';
import type { Session } from '../session.ts';

export const SERVER_SIDE_MANAGER = 'kubectl';
const LAST_APPLIED_MANAGER = 'kubectl-last-applied';
const MAX_RETRIES = 5;
const IS_RETRIED = 'This is non-fatal and will be retried next time you apply.';

const CONFLICT_ADVICE = `
Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

export function applyServerSide(
  info: ObjectInfo,
  options: WriteOptions & { readonly force: boolean; readonly fieldManager: string },
  session: Session,
): JsonMap {
  const { client, output } = session;
  const { mapping, namespace, name, object } = info;
  let live: JsonMap;
  try {
    live = client.patch({ mapping, namespace, name }, 'apply', object, options);
  } catch (thrown) {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    throw isConflict(thrown)
      ? new CommandFailure(thrown.message + CONFLICT_ADVICE)
      : thrown.status.code === 415
        ? new CommandFailure(`Server-side apply not available on the server: (${thrown.message})`)
        : thrown;
  }
  const warn = (what: string, failure: Error) =>
    output.error(`Warning: ${what}. ${IS_RETRIED} Error: ${failure.message}\n`);
  const saved = attempt(() => keepLastApplied(live, info, options, session));
  if (!saved.ok) {
    warn(`failed to migrate ${LAST_APPLIED} for Server-Side Apply`, saved.failure);
    return live;
  }
  live = saved.value;
  const migrated = attempt(() => migrate(live, info, options, session));
  if (!migrated.ok) {
    warn('server rejected managed fields migration to Server-Side Apply', migrated.failure);
    return live;
  }
  if (!migrated.value) return live;
  const again = attempt(() => client.patch({ mapping, namespace, name }, 'apply', object, options));
  if (again.ok) return again.value;
  warn('failed to re-apply configuration after performing Server-Side Apply migration', again.failure);
  return migrated.value;
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Error };

function attempt<T>(step: () => T): Attempt<T> {
  try {
    return { ok: true, value: step() };
  } catch (thrown) {
    if (thrown instanceof ApiFailure || thrown instanceof CommandFailure) return { ok: false, failure: thrown };
    throw thrown;
  }
}

/** The annotation of client-side apply gets an owner of its own, lest the new owner's silence take it away. */
function keepLastApplied(
  live: JsonMap,
  { mapping, namespace, name, object }: ObjectInfo,
  options: WriteOptions,
  { client }: Session,
): JsonMap {
  if (options.fieldManager !== SERVER_SIDE_MANAGER || !hasLastApplied(live)) return live;
  if (ownersOfLastApplied(entriesOf(live), 'Apply').length > 0) return live;
  const { apiVersion = '', kind = '' } = object;
  const metadata = {
    name: metadataOf(live)['name'] ?? '',
    ...(metadataOf(live)['namespace'] === undefined ? {} : { namespace: metadataOf(live)['namespace'] ?? '' }),
    annotations: { [LAST_APPLIED]: originalConfiguration(live) },
  };
  const justAnnotation: JsonMap = { apiVersion, kind, metadata };
  const asOwner = { ...options, fieldManager: LAST_APPLIED_MANAGER, force: undefined };
  const { force: _, ...unforced } = asOwner;
  return client.patch({ mapping, namespace, name }, 'apply', justAnnotation, unforced);
}

/** The object after its owners have been moved; undefined when there was nothing to move. */
function migrate(
  given: JsonMap,
  { mapping, namespace, name }: ObjectInfo,
  options: WriteOptions & { readonly fieldManager: string },
  { client }: Session,
): JsonMap | undefined {
  const { force: _, ...unforced } = options as WriteOptions & { readonly force?: boolean };
  const clientSide = [
    ...new Set(ownersOfLastApplied(entriesOf(given), 'Update').map(({ manager = '' }) => manager)),
  ].sort();
  let live = given;
  for (let retry = 1; ; retry++) {
    const entries = entriesOf(live);
    const migrated = migratedManagers(entries, clientSide, options.fieldManager);
    if (migrated === entries) return undefined;
    const patch = [
      // Managed fields are JSON.
      { op: 'replace', path: '/metadata/managedFields', value: migrated as unknown as Json },
      { op: 'replace', path: '/metadata/resourceVersion', value: metadataOf(live)['resourceVersion'] ?? '' },
    ];
    try {
      return client.patch({ mapping, namespace, name }, 'json', patch, unforced);
    } catch (thrown) {
      if (!isConflict(thrown) || retry >= MAX_RETRIES) throw thrown;
      live = client.getInNamespace({ mapping, namespace, name });
    }
  }
}

function metadataOf({ metadata }: JsonMap): JsonMap {
  return isMap(metadata) ? metadata : {};
}

function entriesOf(object: JsonMap): readonly ManagedFieldsEntry[] {
  // What the server writes into managedFields are entries.
  return (metadataOf(object)['managedFields'] ?? []) as readonly ManagedFieldsEntry[];
}
