// One run of a kubectl command: its flags and files, the cluster it talks to, and what it writes.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go (FilenameParam), Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go-quote.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { parseSelector, type Selector } from '../../../selectors/label-selector.ts';
import { KubectlClient } from './client.ts';
import { CommandFailure } from './failures.ts';
import { type DryRun, dryRunOf, Flags, type FlagTable, validationOf } from './flags.ts';
import type { ReadOptions } from './objects.ts';
import type { Output } from './output.ts';

export interface KubectlCommand {
  /** What stands behind `kubectl`. */
  readonly args: readonly string[];
  /** Files by their paths. */
  readonly files: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface KubectlCluster {
  readonly server: ApiServer;
  readonly kubernetesVersion: KubernetesVersion;
}

const EXTENSIONS = /\.(json|yaml|yml)$/;
const STDIN = '-';

export class Session {
  readonly client: KubectlClient;
  readonly output: Output;
  readonly flags: Flags;
  readonly version: KubernetesVersion;
  readonly namespace: string;
  /** Whether the user named the namespace. */
  readonly isEnforced: boolean;
  readonly #command: KubectlCommand;

  constructor(command: KubectlCommand, cluster: KubectlCluster, output: Output, table: FlagTable) {
    this.#command = command;
    this.output = output;
    this.version = cluster.kubernetesVersion;
    this.client = new KubectlClient(cluster.server, cluster.kubernetesVersion, output);
    this.flags = new Flags(command.args.slice(1), table);
    this.namespace = this.flags.text('namespace') || 'default';
    this.isEnforced = this.flags.has('namespace');
  }

  get dryRun(): DryRun {
    return dryRunOf(this.flags, this.output);
  }

  get validation() {
    return validationOf(this.flags);
  }

  requireFiles(): void {
    if (this.flags.list('filename').length === 0) throw new CommandFailure('must specify one of -f and -k');
  }

  reading(options: Pick<ReadOptions, 'validate'> & { readonly selector?: string }): ReadOptions {
    return {
      catalog: this.client.server.options.catalog,
      version: this.version,
      files: this.flags.list('filename').flatMap((path) => this.#filesAt(path)),
      namespace: this.namespace,
      isEnforced: this.isEnforced,
      validate: options.validate,
      selector: selectorOf(options.selector ?? ''),
    };
  }

  isEnabled(variable: string): boolean {
    return this.#command.env?.[variable]?.toLowerCase() === 'true';
  }

  #filesAt(path: string): { readonly source: string; readonly text: string }[] {
    if (path === STDIN) return [{ source: 'STDIN', text: this.#command.stdin ?? '' }];
    const { files } = this.#command;
    const text = Object.hasOwn(files, path) ? files[path] : undefined;
    if (text !== undefined) return [{ source: path, text }];
    const folder = path.endsWith('/') ? path : `${path}/`;
    const isRecursive = this.flags.isOn('recursive');
    const inside = Object.keys(files)
      .filter((name) => name.startsWith(folder) && EXTENSIONS.test(name))
      .filter((name) => isRecursive || !name.slice(folder.length).includes('/'));
    if (inside.length === 0 && !Object.keys(files).some((name) => name.startsWith(folder)))
      throw new CommandFailure(`the path ${goQuote(path)} does not exist`);
    return inside.sort().map((source) => ({ source, text: files[source] ?? '' }));
  }
}

export function selectorOf(given: string): Selector | undefined {
  const text = given.trim();
  if (text === '') return undefined;
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new CommandFailure(`the provided selector ${goQuote(text)} is not valid: ${parsed.error}`);
  return parsed.value;
}
