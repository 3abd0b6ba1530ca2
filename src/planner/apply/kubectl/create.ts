// kubectl create -f and kubectl replace -f: objects made, and objects put in the place of others.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create/create.go, pkg/cmd/replace/replace.go, pkg/cmd/delete/delete.go, Kubernetes v1.36.3.
// Differs: no --raw, --edit, --subresource and --timeout.
import type { JsonMap } from '../../../apimachinery/json.ts';
import { CommandFailure, isNotFound, withSource } from './failures.ts';
import { COMMON_FLAGS, type FlagTable } from './input/flags.ts';
import { type ObjectInfo, visitAll } from './input/objects.ts';
import type { Mapping } from './mapping.ts';
import { Printer } from './output/printer.ts';
import { annotatedConfiguration, originalConfiguration } from './patching/last-applied-configuration.ts';
import type { Session } from './session.ts';

export const CREATE_FLAGS: FlagTable = {
  short: COMMON_FLAGS.short,
  flags: { ...COMMON_FLAGS.flags, selector: 'text', 'save-config': 'switch', edit: 'switch' },
};
export const REPLACE_FLAGS: FlagTable = {
  short: COMMON_FLAGS.short,
  flags: {
    ...COMMON_FLAGS.flags,
    'save-config': 'switch',
    force: 'switch',
    'grace-period': 'text',
    cascade: { ifBare: 'background' },
  },
};
export const DELETE_FLAGS: FlagTable = {
  short: COMMON_FLAGS.short,
  flags: {
    filename: 'list',
    recursive: 'switch',
    namespace: 'text',
    selector: 'text',
    output: 'text',
    'dry-run': { ifBare: 'unchanged' },
    'ignore-not-found': 'switch',
    'grace-period': 'text',
    force: 'switch',
    now: 'switch',
    cascade: { ifBare: 'background' },
    wait: 'switch',
  },
};

export function create(session: Session): void {
  const { flags, client, dryRun, validation } = session;
  if (flags.others.length > 0)
    throw new CommandFailure(
      `Unexpected args: [${flags.others.join(' ')}]\nSee 'kubectl create -h' for help and examples`,
    );
  session.requireFiles();
  const printer = new Printer(session, dryRun);
  const fieldManager = flags.text('field-manager') || 'kubectl-create';
  const reading = session.reading({ validate: validation !== 'Ignore', selector: flags.text('selector') });
  let count = 0;
  visitAll(reading, ({ mapping, namespace, source, object: given }) => {
    let object = withAnnotation(given, flags.isOn('save-config'));
    if (dryRun !== 'client')
      object = sourced('creating', source, () =>
        client.create(mapping, namespace, object, {
          dryRun: dryRun === 'server',
          fieldManager,
          fieldValidation: validation,
        }),
      );
    count += 1;
    printer.print(object, 'created');
  });
  if (count === 0) throw new CommandFailure('no objects passed to create');
}

export function replace(session: Session): void {
  const { flags, client, dryRun, validation } = session;
  session.requireFiles();
  if (flags.has('grace-period') && !flags.isOn('force'))
    throw new CommandFailure('--grace-period must have --force specified');
  if (flags.isOn('force') && dryRun !== 'none')
    throw new CommandFailure('--dry-run can not be used when --force is set');
  const printer = new Printer(session, dryRun);
  const fieldManager = flags.text('field-manager') || 'kubectl-replace';
  const writing = { dryRun: dryRun === 'server', fieldManager, fieldValidation: validation };
  if (flags.isOn('force')) deleteAll(session, { ignoresNotFound: true });
  let count = 0;
  visitAll(session.reading({ validate: validation !== 'Ignore' }), (info) => {
    const { mapping, namespace, name, source } = info;
    const object = withAnnotation(info.object, flags.isOn('save-config'));
    count += 1;
    if (flags.isOn('force')) {
      requireGone(info, session);
      printer.print(client.create(mapping, namespace, object, writing), 'replaced');
    } else if (dryRun === 'client') printer.print(object, 'replaced');
    else {
      const replaced = sourced('replacing', source, () =>
        client.replace({ mapping, namespace, name }, object, writing),
      );
      printer.print(replaced, 'replaced');
    }
  });
  if (count === 0 && flags.isOn('force')) throw new CommandFailure('no objects passed to replace');
}

export function deleteObjects(session: Session): void {
  const format = session.flags.text('output');
  if (format !== '' && format !== 'name')
    throw new CommandFailure(`unexpected -o output mode: ${format}. We only support '-o name'`);
  session.requireFiles();
  const isSelected = session.flags.text('selector') !== '';
  deleteAll(session, { ignoresNotFound: session.flags.isOn('ignore-not-found', isSelected) });
}

function deleteAll(session: Session, { ignoresNotFound }: { readonly ignoresNotFound: boolean }): void {
  const { client, flags, output } = session;
  const dryRun = flags.has('dry-run') ? session.dryRun : 'none';
  const grace = flags.has('grace-period') ? Math.max(Number(flags.text('grace-period')), 1) : undefined;
  const reading = session.reading({ validate: false, selector: flags.text('selector') });
  let count = 0;
  visitAll(reading, ({ mapping, namespace, name, source }) => {
    count += 1;
    if (dryRun !== 'client') {
      try {
        client.delete(
          { mapping, namespace, name },
          {
            dryRun: dryRun === 'server',
            propagationPolicy: propagationOf(flags.text('cascade', 'background')),
            ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
          },
        );
      } catch (thrown) {
        if (ignoresNotFound && isNotFound(thrown)) return;
        throw thrown instanceof Error ? withSource(thrown, 'deleting', source) : thrown;
      }
    }
    const suffix = dryRun === 'none' ? '' : dryRun === 'client' ? ' (dry run)' : ' (server dry run)';
    const place = mapping.namespaced ? ` from ${namespace} namespace` : '';
    output.print(
      flags.text('output') === 'name'
        ? `${kindOf(mapping)}/${name}\n`
        : `${kindOf(mapping)} "${name}" deleted${place}${suffix}\n`,
    );
  });
  if (count === 0) output.print('No resources found\n');
}

function propagationOf(cascade: string): 'Background' | 'Foreground' | 'Orphan' {
  if (cascade === 'foreground') return 'Foreground';
  return cascade === 'orphan' ? 'Orphan' : 'Background';
}

function kindOf({ kind, group }: Mapping): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** Waits for an object to go; nothing here would make it go later. */
function requireGone({ mapping, namespace, name }: ObjectInfo, { client }: Session): void {
  try {
    client.getInNamespace({ mapping, namespace, name });
  } catch (thrown) {
    if (isNotFound(thrown)) return;
    throw thrown;
  }
  throw new CommandFailure('context deadline exceeded');
}

/** An annotation of client-side apply is brought up to date, or made when that is asked for. */
function withAnnotation(object: JsonMap, isWanted: boolean): JsonMap {
  return isWanted || originalConfiguration(object) !== '' ? annotatedConfiguration(object) : object;
}

function sourced<T>(verb: string, source: string, step: () => T): T {
  try {
    return step();
  } catch (thrown) {
    throw thrown instanceof Error ? withSource(thrown, verb, source) : thrown;
  }
}
