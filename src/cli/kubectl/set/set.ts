// `kubectl set image|env|resources|serviceaccount`: one part of pod templates.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set, Kubernetes v1.36.3.
// Differs: `set selector` and `set subject`, and --from and --resolve of `set env`, are not built.
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { isEmptyPatch, type MutableJson, mutated, objectName, podSpecOf } from '../mutated-patch.ts';
import { isFailure, KubectlError, type Output, throwAll } from '../outcome.ts';
import { VerbRun } from '../requests.ts';
import { selectForVerb } from '../verb-selection.ts';
import { setEnv } from './env.ts';
import { setImage } from './image.ts';
import { setResources } from './resources.ts';
import { setServiceAccount } from './service-account.ts';

/** What one subcommand changes. */
export interface Setter {
  /** Arguments that name objects. */
  readonly words: readonly string[];
  readonly operation: string;
  readonly failure: string;
  /** Changes the pod spec and answers its complaints. */
  change(spec: MutableJson, kind: string, name: string): readonly string[];
  /** Whether nothing is sent: the command only shows. */
  readonly onlyShows?: boolean;
}

const SETTERS: Readonly<Record<string, (given: ParsedArguments, output: Output) => Setter>> = {
  image: setImage,
  env: setEnv,
  resources: setResources,
  serviceaccount: setServiceAccount,
  sa: setServiceAccount,
};

export function set(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const [what = ''] = given.arguments;
  const make = Object.hasOwn(SETTERS, what) ? SETTERS[what] : undefined;
  if (!make) throw new KubectlError(`kubectl set ${what} is not built in kubeplan`);
  const setter = make(given, output);
  const run = new VerbRun(given, context, output, { isTyped: true });
  const selection = selectForVerb(given, context, setter.words);
  output.stderr += selection.warnings.join('');
  throwAll(selection.errors);
  const failures: Error[] = [];
  const mutations = selection.found.flatMap((found) => {
    try {
      return mutated(found, run, (object) => {
        const { kind } = found.resource;
        const complaints = setter.change(podSpecOf(object, found.resource), kind, found.object.metadata.name ?? '');
        failures.push(...complaints.map((text) => new KubectlError(`error: ${text}`)));
      });
    } catch (error) {
      if (!isFailure(error)) throw error;
      failures.push(new KubectlError(`error: ${objectName(found)} ${error.message}\n`));
      return [];
    }
  });
  if (!setter.onlyShows) {
    for (const mutation of mutations) {
      if (isEmptyPatch(mutation)) continue;
      try {
        const { found, kind, patch, after } = mutation;
        const changed = run.isClientOnly ? after : run.patch(found, kind, patch, { manager: 'kubectl-set' });
        run.printTyped(changed, setter.operation);
      } catch (error) {
        if (!isFailure(error)) throw error;
        failures.push(new KubectlError(`${setter.failure} ${error.message}`));
      }
    }
  }
  throwAll(failures);
}
