// How a command shows an object: its name with what happened to it, or the whole of it.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/printers/{name,json,yaml}.go, Kubernetes v1.36.3.
// Differs: of the output formats json, yaml and name are there.
import type { Json } from '../../../apimachinery/json-patch.ts';
import { isMap, type JsonMap } from '../../../apiserver/field-management/json-shape.ts';
import { writeYaml } from '../../../manifests/write-yaml.ts';
import { CommandFailure } from './failures.ts';
import type { DryRun } from './flags.ts';
import { splitVersion } from './mapping.ts';
import type { Session } from './session.ts';

const FORMATS = ['', 'name', 'json', 'yaml'];
const SUFFIXES: Readonly<Record<DryRun, string>> = { none: '', client: ' (dry run)', server: ' (server dry run)' };

export class Printer {
  readonly #format: string;
  readonly #session: Session;
  readonly #suffix: string;
  #count = 0;

  constructor(session: Session, dryRun: DryRun) {
    this.#session = session;
    this.#format = session.flags.text('output');
    this.#suffix = SUFFIXES[dryRun];
    if (!FORMATS.includes(this.#format))
      throw new CommandFailure(
        `unable to match a printer suitable for the output format "${this.#format}", allowed formats are: json,name,yaml`,
      );
  }

  /** Whether whole objects are asked for. */
  get isWhole(): boolean {
    return this.#format === 'json' || this.#format === 'yaml';
  }

  print(object: JsonMap, operation: string): void {
    if (this.isWhole) this.printWhole(object);
    else
      this.#session.output.print(`${nameOf(object)}${this.#format === 'name' ? '' : ` ${operation}${this.#suffix}`}\n`);
  }

  printWhole(given: JsonMap): void {
    const { items } = given;
    const isShown = this.#session.flags.isOn('show-managed-fields');
    const object: JsonMap = isShown
      ? given
      : Array.isArray(items)
        ? { ...given, items: items.map((item: Json) => (isMap(item) ? withoutManagedFields(item) : item)) }
        : withoutManagedFields(given);
    const isFirst = this.#count === 0;
    this.#count += 1;
    const text =
      this.#format === 'json'
        ? `${JSON.stringify(inOrder(object), null, 4)}\n`
        : `${isFirst ? '' : '---\n'}${writeYaml(object)}`;
    this.#session.output.print(text);
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

function inOrder(value: Json): Json {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isMap(value)) return value;
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key] ?? null)]));
}
