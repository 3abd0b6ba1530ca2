// How a command shows an object: its name with what happened to it, or the whole of it.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/name.go, Kubernetes v1.36.3.
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';
import type { FileReader } from '../../../../manifests/read.ts';
import type { DryRun } from '../input/flags.ts';
import { splitVersion } from '../mapping.ts';
import type { Session } from '../session.ts';
import type { Output } from './output.ts';

const SUFFIXES: Readonly<Record<DryRun, string>> = { none: '', client: ' (dry run)', server: ' (server dry run)' };

/** The flags that say how objects are printed. */
export interface FormatFlags {
  value(name: string): string | undefined;
  flag(name: string): boolean;
  has(name: string): boolean;
}

export interface OpenedFormat {
  /** Empty where -o names none. */
  readonly name: string;
  /** Absent where the format prints no whole objects. `isStruct`: the fields of the object itself stand in order already. */
  readonly printWhole: ((object: unknown, output: Pick<Output, 'print'>, isStruct?: boolean) => void) | undefined;
}

/** What -o means. Throws an Error whose message kubectl prints. */
export type OpenFormat = (flags: FormatFlags, files: FileReader) => OpenedFormat;

/** For whom nothing is printed whole. */
export const namesOnly: OpenFormat = () => ({ name: '', printWhole: undefined });

export class Printer {
  readonly #session: Session;
  readonly #suffix: string;
  #format: OpenedFormat | undefined;

  /** Throws for a format that cannot be read, unless it is `lazy`: then what is printed first does. */
  constructor(session: Session, dryRun: DryRun, { lazy = false } = {}) {
    this.#session = session;
    this.#suffix = SUFFIXES[dryRun];
    if (!lazy) this.#format = session.format;
  }

  /** Whether -o asks for whole objects. */
  get isWhole(): boolean {
    return !['', 'name'].includes(this.#session.flags.text('output'));
  }

  print(object: JsonMap, operation: string): void {
    const { output } = this.#session;
    const { name, printWhole } = this.#opened;
    if (printWhole) printWhole(object, output);
    else output.print(`${nameOf(object)}${name === 'name' ? '' : ` ${operation}${this.#suffix}`}\n`);
  }

  /** Several objects in one list. */
  printList(items: readonly JsonMap[]): void {
    const list = { kind: 'List', apiVersion: 'v1', metadata: {}, items };
    this.#opened.printWhole?.(list, this.#session.output, true);
  }

  get #opened(): OpenedFormat {
    this.#format ??= this.#session.format;
    return this.#format;
  }
}

/** `deployment.apps/web` */
export function nameOf({ apiVersion, kind, metadata }: JsonMap): string {
  const [group] = splitVersion(typeof apiVersion === 'string' ? apiVersion : '');
  const name = isMap(metadata) && typeof metadata['name'] === 'string' ? metadata['name'] : '<unknown>';
  const lower = typeof kind === 'string' ? kind.toLowerCase() : '<unknown>';
  return `${group === '' ? lower : `${lower}.${group}`}/${name}`;
}

export function withoutManagedFields(object: JsonMap): JsonMap {
  const { metadata } = object;
  if (!isMap(metadata) || metadata['managedFields'] === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}
