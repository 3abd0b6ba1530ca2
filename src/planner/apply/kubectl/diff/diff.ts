// kubectl diff: what is there against what an apply would make of it.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/diff/{diff,prune}.go, Kubernetes v1.36.3.
// Differs: the texts are compared here, and the folders of a diff program are called LIVE and MERGED; there is no other diff program.
import { compareBytes } from '../../../../apimachinery/go/json.ts';
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';
import { writeYaml } from '../../../../manifests/writer/write-yaml.ts';
import { CLIENT_SIDE_MANAGER, warnIfDeleting } from '../apply/apply.ts';
import { SERVER_SIDE_MANAGER } from '../apply/apply-server-side.ts';
import { parseAllowlist, prunable, Visited } from '../apply/prune.ts';
import { CommandFailure, isConflict, isNotFound } from '../failures.ts';
import { COMMON_FLAGS, type FlagTable } from '../input/flags.ts';
import { type ObjectInfo, visitUntilFailure } from '../input/objects.ts';
import { kindText, type Mapping, splitVersion } from '../mapping.ts';
import { withoutManagedFields } from '../output/printer.ts';
import { plainConfiguration } from '../patching/last-applied-configuration.ts';
import { PatchFailure, patchObject } from '../patching/patcher.ts';
import { type Session, selectorOf } from '../session.ts';
import { unifiedHunks } from './gnu-diff.ts';
import { maskedSecrets } from './mask-secret.ts';

export const DIFF_FLAGS: FlagTable = {
  short: COMMON_FLAGS.short,
  flags: {
    filename: 'list',
    recursive: 'switch',
    namespace: 'text',
    selector: 'text',
    'server-side': 'switch',
    'force-conflicts': 'switch',
    'field-manager': 'text',
    'show-managed-fields': 'switch',
    'show-secrets': 'switch',
    concurrency: 'text',
    prune: 'switch',
    'prune-allowlist': 'list',
  },
};

const MAX_ATTEMPTS = 4;

interface DiffOptions {
  readonly isServerSide: boolean;
  readonly forceConflicts: boolean;
  readonly fieldManager: string;
  readonly showsManagedFields: boolean;
  readonly showsSecrets: boolean;
}

/** Whether there are differences. */
export function diff(session: Session): boolean {
  const { flags, client } = session;
  if (flags.others.length > 0)
    throw new CommandFailure(
      `Unexpected args: [${flags.others.join(' ')}]\nSee 'kubectl diff -h' for help and examples`,
    );
  session.requireFiles();
  const isServerSide = flags.isOn('server-side');
  const options: DiffOptions = {
    isServerSide,
    forceConflicts: flags.isOn('force-conflicts'),
    fieldManager: flags.text('field-manager') || (isServerSide ? SERVER_SIDE_MANAGER : CLIENT_SIDE_MANAGER),
    showsManagedFields: flags.isOn('show-managed-fields'),
    showsSecrets: flags.isOn('show-secrets'),
  };
  if (options.forceConflicts && !isServerSide)
    throw new CommandFailure('--force-conflicts only works with --server-side');
  const { catalog } = client.server.options;
  const allowlist: readonly Mapping[] | undefined = flags.isOn('prune')
    ? parseAllowlist(flags.list('prune-allowlist'), catalog)
    : undefined;
  const visited = new Visited();
  const sides: Sides = { live: new Map(), merged: new Map() };
  const selector = flags.text('selector');
  let failure: unknown;
  try {
    visitUntilFailure(session.reading({ validate: false, selector }), (info) =>
      diffOne(info, options, sides, visited, session),
    );
  } catch (thrown) {
    failure = thrown;
  }
  if (allowlist)
    for (const { object } of prunable(allowlist, visited, selectorOf(selector), session))
      sides.live.set(fileNameOf(object), writeYaml(object));
  if (failure !== undefined) throw failure;
  return printDifferences(sides, session);
}

/** The files of the two folders, by name. */
interface Sides {
  readonly live: Map<string, string>;
  readonly merged: Map<string, string>;
}

function diffOne(info: ObjectInfo, options: DiffOptions, sides: Sides, visited: Visited, session: Session): void {
  const { mapping, namespace, name } = info;
  let live: JsonMap | undefined;
  for (let attempt = 1; ; attempt++) {
    live = find(info, session);
    const isLast = attempt === MAX_ATTEMPTS;
    if (isLast && live)
      session.output.log('diff.go:723', `Object (${kindText(mapping)}: ${name}) keeps changing, diffing without lock`);
    if (mapping.namespaced) visited.namespaces.add(namespace);
    if (live) visited.add(live);
    try {
      print(info, live, merged(info, live, options, isLast, session), options, sides);
      break;
    } catch (thrown) {
      const failure = thrown instanceof PatchFailure ? thrown.failure : thrown;
      if (isConflict(failure) && !isLast) continue;
      if (live) warnIfDeleting(live, session);
      throw failure;
    }
  }
  if (live) warnIfDeleting(live, session);
}

function find({ mapping, namespace, name }: ObjectInfo, { client }: Session): JsonMap | undefined {
  try {
    return client.getInNamespace({ mapping, namespace, name });
  } catch (thrown) {
    if (isNotFound(thrown)) return undefined;
    throw thrown;
  }
}

function merged(
  info: ObjectInfo,
  live: JsonMap | undefined,
  { isServerSide, forceConflicts, fieldManager }: DiffOptions,
  isLast: boolean,
  session: Session,
): JsonMap {
  const { mapping, namespace, name, object } = info;
  const writing = { dryRun: true, fieldManager };
  if (isServerSide)
    return session.client.patch({ mapping, namespace, name }, 'apply', object, { ...writing, force: forceConflicts });
  if (!live) return session.client.create(mapping, namespace, object, writing);
  const { metadata } = live;
  const version = isMap(metadata) && !isLast ? { resourceVersion: String(metadata['resourceVersion'] ?? '') } : {};
  const options = { ...writing, ...version, overwrite: true, force: false, isLocal: false };
  return patchObject(live, plainConfiguration(object), info, options, session).object;
}

function print(info: ObjectInfo, live: JsonMap | undefined, given: JsonMap, options: DiffOptions, sides: Sides): void {
  const { mapping, namespace, name } = info;
  const shown = (object: JsonMap) => (options.showsManagedFields ? object : withoutManagedFields(object));
  let [from, to] = [live && shown(live), shown(given)];
  const isSecret = to['kind'] === 'Secret' && splitVersion(String(to['apiVersion']))[1] === 'v1';
  if (isSecret && !options.showsSecrets) [from, to] = maskedSecrets(from, to);
  const { group, version, kind } = mapping;
  const file = `${group === '' ? '' : `${group}.`}${version}.${kind}.${namespace}.${name}`;
  // A masked secret that is not there is written as nothing, everything else is not written.
  sides.live.set(file, from ? writeYaml(from) : isSecret && !options.showsSecrets ? writeYaml(null) : '');
  sides.merged.set(file, writeYaml(to));
}

function fileNameOf({ apiVersion, kind, metadata }: JsonMap): string {
  const [group, version] = splitVersion(String(apiVersion));
  const { name = '', namespace = '' } = isMap(metadata) ? metadata : {};
  return `${group === '' ? '' : `${group}.`}${version}.${String(kind)}.${String(namespace)}.${String(name)}`;
}

function printDifferences({ live, merged: after }: Sides, { output }: Session): boolean {
  const files = [...new Set([...live.keys(), ...after.keys()])].sort(compareBytes);
  let isDifferent = false;
  for (const file of files) {
    const hunks = unifiedHunks(live.get(file) ?? '', after.get(file) ?? '');
    if (hunks === '') continue;
    isDifferent = true;
    output.print(`diff -u -N LIVE/${file} MERGED/${file}\n--- LIVE/${file}\n+++ MERGED/${file}\n${hunks}`);
  }
  return isDifferent;
}
