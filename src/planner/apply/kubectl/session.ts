// One run of a kubectl command: its flags and files, the cluster it talks to, and what it writes.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go (FilenameParam), Kubernetes v1.36.3.
import type { ObjectRef, SourceLocation } from '../../../apimachinery/diagnostic.ts';
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { Status } from '../../../apimachinery/status.ts';
import type { ApiServer } from '../../../apiserver/server.ts';
import type { FileReader } from '../../../manifests/read.ts';
import type { KubernetesVersion } from '../../../schema/layout.ts';
import { parseSelector, type Selector } from '../../../selectors/label-selector.ts';
import { KubectlClient } from './client.ts';
import { CommandFailure } from './failures.ts';
import { filesNamed } from './input/files-named.ts';
import { type DryRun, dryRunOf, Flags, type FlagTable, validationOf } from './input/flags.ts';
import type { ReadOptions } from './input/objects.ts';
import type { Output } from './output/output.ts';
import type { OpenedFormat, OpenFormat } from './output/printer.ts';

export interface KubectlCommand {
  /** What stands behind `kubectl`. */
  readonly args: readonly string[];
  readonly files: FileReader;
  readonly env?: Readonly<Record<string, string>>;
  /** What -o means. */
  readonly openFormat: OpenFormat;
}

export interface KubectlCluster {
  readonly server: ApiServer;
  readonly kubernetesVersion: KubernetesVersion;
  /** What the requests say of where the wish stands, for all or for each object. */
  readonly source?: SourceLocation | ((object: Omit<ObjectRef, 'apiVersion'>) => SourceLocation | undefined);
  /** Is told of every write that the server refuses. */
  readonly onRefusal?: (status: Status, object: ObjectRef) => void;
}

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
    this.client = new KubectlClient(cluster, output);
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

  get format(): OpenedFormat {
    const { flags } = this;
    const given = {
      value: (name: string) => (flags.has(name) ? flags.text(name) : undefined),
      flag: (name: string) => flags.isOn(name),
      has: (name: string) => flags.has(name),
    };
    return this.#command.openFormat(given, this.#command.files);
  }

  requireFiles(): void {
    if (this.flags.list('filename').length === 0) throw new CommandFailure('must specify one of -f and -k');
  }

  reading(options: Pick<ReadOptions, 'validate'> & { readonly selector?: string }): ReadOptions {
    return {
      catalog: this.client.server.options.catalog,
      version: this.version,
      files: filesNamed(this.flags.list('filename'), this.flags.isOn('recursive'), this.#command.files),
      namespace: this.namespace,
      isEnforced: this.isEnforced,
      validate: options.validate,
      selector: selectorOf(options.selector ?? ''),
    };
  }

  isEnabled(variable: string): boolean {
    return this.#command.env?.[variable]?.toLowerCase() === 'true';
  }
}

export function selectorOf(given: string): Selector | undefined {
  const text = given.trim();
  if (text === '') return undefined;
  const parsed = parseSelector(text);
  if (!parsed.ok) throw new CommandFailure(`the provided selector ${goQuote(text)} is not valid: ${parsed.error}`);
  return parsed.value;
}
