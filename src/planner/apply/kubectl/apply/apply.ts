// kubectl apply: every object of the files, then what is to be pruned.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go, Kubernetes v1.36.3.
// Differs: no --subresource, --wait and --kustomize.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import { isMap, type Json, type JsonMap } from '../../../../apimachinery/json.ts';
import { LAST_APPLIED } from '../../../../apimachinery/well-known/annotations.ts';
import type { FieldValidation } from '../../../../apiserver/request.ts';
import { CommandFailure, Failures, isNotFound, withSource } from '../failures.ts';
import { COMMON_FLAGS, type DryRun, type FlagTable } from '../input/flags.ts';
import { type ObjectInfo, visitAll } from '../input/objects.ts';
import { kindText, type Mapping, resourceText } from '../mapping.ts';
import { Printer } from '../output/printer.ts';
import { annotatedConfiguration, hasLastApplied } from '../patching/last-applied-configuration.ts';
import { PatchFailure, patchObject } from '../patching/patcher.ts';
import { type Session, selectorOf } from '../session.ts';
import { applyServerSide, SERVER_SIDE_MANAGER } from './apply-server-side.ts';
import { ApplySet } from './apply-set.ts';
import { parseAllowlist, prunable, Visited } from './prune.ts';

export const CLIENT_SIDE_MANAGER = 'kubectl-client-side-apply';
const APPLY_SET_VARIABLE = 'KUBECTL_APPLYSET';

export const APPLY_FLAGS: FlagTable = {
  short: COMMON_FLAGS.short,
  flags: {
    ...COMMON_FLAGS.flags,
    selector: 'text',
    'server-side': 'switch',
    'force-conflicts': 'switch',
    force: 'switch',
    overwrite: 'switch',
    'openapi-patch': 'switch',
    prune: 'switch',
    'prune-allowlist': 'list',
    all: 'switch',
    applyset: 'text',
    'grace-period': 'text',
    cascade: { ifBare: 'background' },
  },
};

/** The flags of apply where the feature of the last one is not switched on. */
export function applyFlags(isApplySetEnabled: boolean): FlagTable {
  if (isApplySetEnabled) return APPLY_FLAGS;
  const { applyset: _, ...flags } = APPLY_FLAGS.flags;
  return { ...APPLY_FLAGS, flags };
}

interface ApplyOptions {
  readonly isServerSide: boolean;
  readonly forceConflicts: boolean;
  readonly force: boolean;
  readonly overwrite: boolean;
  readonly dryRun: DryRun;
  readonly fieldManager: string;
  readonly validation: FieldValidation;
  readonly prune: boolean;
  readonly all: boolean;
  readonly selector: string;
  readonly allowlist: readonly Mapping[];
  readonly applySet: ApplySet | undefined;
}

export function isApplySetEnabled(env: Readonly<Record<string, string>> | undefined): boolean {
  return env?.[APPLY_SET_VARIABLE]?.toLowerCase() === 'true';
}

export function apply(session: Session): void {
  const options = applyOptions(session);
  const printer = new Printer(session, options.dryRun, { lazy: true });
  validateOptions(options);
  new Application(session, options, printer).run();
}

function applyOptions(session: Session): ApplyOptions {
  const { flags, client } = session;
  if (flags.others.length > 0)
    throw new CommandFailure(
      `Unexpected args: [${flags.others.join(' ')}]\nSee 'kubectl apply -h' for help and examples`,
    );
  const isServerSide = flags.isOn('server-side');
  const { dryRun } = session;
  session.requireFiles();
  const reference = flags.text('applyset');
  return {
    isServerSide,
    dryRun,
    forceConflicts: flags.isOn('force-conflicts'),
    force: flags.isOn('force'),
    overwrite: flags.isOn('overwrite', true),
    fieldManager: flags.text('field-manager') || (isServerSide ? SERVER_SIDE_MANAGER : CLIENT_SIDE_MANAGER),
    validation: session.validation,
    prune: flags.isOn('prune'),
    all: flags.isOn('all'),
    selector: flags.text('selector'),
    applySet: reference === '' ? undefined : new ApplySet(reference, session),
    allowlist: flags.isOn('prune') ? parseAllowlist(flags.list('prune-allowlist'), client.server.options.catalog) : [],
  };
}

const SELECTS_EVERYTHING =
  'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector';

function validateOptions(options: ApplyOptions): void {
  const { isServerSide, dryRun, force, prune, all, selector, applySet } = options;
  const refuse = (isRefused: boolean, text: string): void => {
    if (isRefused) throw new CommandFailure(text);
  };
  refuse(options.forceConflicts && !isServerSide, '--force-conflicts only works with --server-side');
  refuse(
    dryRun === 'client' && isServerSide,
    "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)",
  );
  refuse(isServerSide && force, '--force cannot be used with --server-side');
  refuse(dryRun === 'server' && force, '--dry-run=server cannot be used with --force');
  refuse(all && selector !== '', 'cannot set --all and --selector at the same time');
  if (applySet) {
    refuse(!prune, '--applyset requires --prune');
    applySet.validate();
  }
  if (!prune) return;
  refuse(force, '--force cannot be used with --prune');
  if (applySet) {
    refuse(all, '--all is incompatible with --applyset');
    refuse(selector !== '', '--selector is incompatible with --applyset');
    refuse(options.allowlist.length > 0, '--prune-allowlist is incompatible with --applyset');
  } else {
    refuse(!all && selector === '', SELECTS_EVERYTHING);
    refuse(isServerSide, "--prune is in alpha and doesn't currently work on objects created by server-side apply");
  }
}

class Application {
  readonly #session: Session;
  readonly #options: ApplyOptions;
  readonly #printer: Printer;
  readonly #visited = new Visited();
  /** What the server answered, for those who want whole objects. */
  readonly #applied: JsonMap[] = [];

  constructor(session: Session, options: ApplyOptions, printer: Printer) {
    this.#session = session;
    this.#options = options;
    this.#printer = printer;
  }

  run(): void {
    const { applySet, dryRun, validation } = this.#options;
    const { isEnforced, namespace } = this.#session;
    if (isEnforced) this.#visited.namespaces.add(namespace);
    const failures: Error[] = [];
    const infos = this.#read(failures);
    if (infos.length === 0 && failures.length === 0) throw new CommandFailure('no objects passed to apply');
    applySet?.beforeApply(infos, dryRun, validation);
    for (const info of infos) {
      try {
        this.#applyOne(info);
      } catch (thrown) {
        if (!(thrown instanceof Error)) throw thrown;
        failures.push(thrown);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new Failures(failures);
    this.#printWhole();
    this.#prune();
  }

  #read(failures: Error[]): ObjectInfo[] {
    const { selector, validation, applySet } = this.#options;
    const infos: ObjectInfo[] = [];
    try {
      visitAll(this.#session.reading({ validate: validation !== 'Ignore', selector }), (info) => infos.push(info));
    } catch (thrown) {
      if (!(thrown instanceof Error)) throw thrown;
      failures.push(thrown);
    }
    return applySet ? infos.map((info) => applySet.labelled(info)) : infos;
  }

  #applyOne(info: ObjectInfo): void {
    const { isServerSide, forceConflicts, validation, dryRun, fieldManager } = this.#options;
    if (info.mapping.namespaced) this.#visited.namespaces.add(info.namespace);
    const { metadata } = info.object;
    const generateName = isMap(metadata) ? metadata['generateName'] : undefined;
    if (info.name === '' && generateName)
      throw new CommandFailure(`from ${String(generateName)}: cannot use generate name with apply`);
    const writing = { dryRun: dryRun === 'server', fieldManager, fieldValidation: validation };
    if (isServerSide) {
      const live = applyServerSide(info, { ...writing, force: forceConflicts }, this.#session);
      warnIfDeleting(live, this.#session);
      this.#done(live, 'serverside-applied');
      return;
    }
    const modified = annotatedConfiguration(info.object);
    const live = this.#get(info);
    if (live) this.#patch(info, live, modified, writing);
    else this.#create(info, modified, writing);
  }

  #get({ mapping, namespace, name, source }: ObjectInfo): JsonMap | undefined {
    try {
      return this.#session.client.getInNamespace({ mapping, namespace, name });
    } catch (thrown) {
      if (isNotFound(thrown)) return undefined;
      if (!(thrown instanceof Error)) throw thrown;
      const what = infoText({ mapping, namespace, name });
      throw withSource(thrown, `retrieving current configuration of:\n${what}\nfrom server for:`, source);
    }
  }

  #create({ mapping, namespace, source }: ObjectInfo, modified: JsonMap, writing: Writing): void {
    let created = withoutNulls(modified);
    if (this.#options.dryRun !== 'client') {
      try {
        created = this.#session.client.create(mapping, namespace, created, writing);
      } catch (thrown) {
        if (!(thrown instanceof Error)) throw thrown;
        throw withSource(thrown, 'creating', source);
      }
    }
    this.#done(created, 'created');
  }

  #patch(info: ObjectInfo, live: JsonMap, modified: JsonMap, writing: Writing): void {
    const { overwrite, force, dryRun } = this.#options;
    this.#visited.add(live);
    if (!hasLastApplied(live)) this.#session.output.error(`Warning: ${missingAnnotation(info)}\n`);
    try {
      const options = { ...writing, overwrite, force, isLocal: dryRun === 'client' };
      const { patch, object } = patchObject(live, modified, info, options, this.#session);
      warnIfDeleting(object, this.#session);
      this.#done(object, patch === '{}' ? 'unchanged' : 'configured');
    } catch (thrown) {
      if (!(thrown instanceof PatchFailure)) throw thrown;
      const verb = `applying patch:\n${thrown.patch}\nto:\n${infoText(info)}\nfor:`;
      throw withSource(thrown.failure, verb, info.source);
    }
  }

  #done(object: JsonMap, operation: string): void {
    this.#visited.add(object);
    this.#applied.push(object);
    if (!this.#printer.isWhole) this.#printer.print(object, operation);
  }

  #printWhole(): void {
    const [only] = this.#applied;
    if (!this.#printer.isWhole || !only) return;
    if (this.#applied.length === 1) this.#printer.print(only, '');
    else this.#printer.printList(this.#applied);
  }

  #prune(): void {
    const { prune, applySet, allowlist, selector, dryRun, validation } = this.#options;
    if (!prune) return;
    const session = this.#session;
    const found = applySet
      ? applySet.prunable(this.#visited)
      : prunable(allowlist, this.#visited, selectorOf(selector), session);
    for (const { mapping, namespace, object } of found) {
      const { metadata } = object;
      const name = isMap(metadata) ? String(metadata['name']) : '';
      if (dryRun !== 'client')
        session.client.delete(
          { mapping, namespace, name },
          {
            dryRun: dryRun === 'server',
            propagationPolicy: 'Background',
          },
        );
      this.#printer.print(object, 'pruned');
    }
    applySet?.afterPrune(dryRun, validation);
  }
}

interface Writing {
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
}

function infoText({ mapping, namespace, name }: Pick<ObjectInfo, 'mapping' | 'namespace' | 'name'>): string {
  const kind = `Resource: ${goQuote(resourceText(mapping))}, GroupVersionKind: ${goQuote(kindText(mapping))}`;
  return `${kind}\nName: ${goQuote(name)}, Namespace: ${goQuote(namespace)}`;
}

function missingAnnotation({ mapping, name }: ObjectInfo): string {
  return `resource ${mapping.plural}/${name} is missing the ${LAST_APPLIED} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`;
}

export function warnIfDeleting({ metadata }: JsonMap, { output }: Session): void {
  if (!isMap(metadata) || !metadata['deletionTimestamp']) return;
  output.error(`Warning: Detected changes to resource ${String(metadata['name'])} which is currently being deleted.\n`);
}

function withoutNulls(map: JsonMap): JsonMap {
  const clean = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(clean);
    return isMap(value) ? withoutNulls(value) : value;
  };
  return Object.fromEntries(
    Object.entries(map).flatMap(([key, value]) => (value === null ? [] : [[key, clean(value)]])),
  );
}
