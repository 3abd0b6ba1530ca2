// `kubectl set image|env|resources|serviceaccount|selector|subject`: one part of an object.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set, Kubernetes v1.36.3.
import type { ParsedArguments } from '../../arguments.ts';
import type { KubectlContext } from '../../context.ts';
import { isFailure, KubectlError, type Output, throwAll } from '../../outcome.ts';
import { isEmptyPatch, mutated, objectName } from '../mutated-patch.ts';
import { VerbRun } from '../requests.ts';
import { selectForVerb } from '../verb-selection.ts';
import { setEnv } from './env.ts';
import { setImage } from './image.ts';
import { setResources } from './resources.ts';
import { setSelector } from './selector.ts';
import { setServiceAccount } from './service-account.ts';
import type { Setter } from './setter.ts';
import { setSubject } from './subject.ts';

type MakeSetter = (given: ParsedArguments, context: KubectlContext, output: Output) => Setter;

const SETTERS: Readonly<Record<string, MakeSetter>> = {
  image: setImage,
  env: setEnv,
  resources: setResources,
  serviceaccount: setServiceAccount,
  sa: setServiceAccount,
  subject: setSubject,
};

export function set(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const [what = ''] = given.arguments;
  if (what === 'selector') {
    setSelector(given, context, output);
    return;
  }
  const make = Object.hasOwn(SETTERS, what) ? SETTERS[what] : undefined;
  if (!make) throw new KubectlError(`kubectl set ${what} is not built in kubeplan`);
  const setter = make(given, context, output);
  const run = new VerbRun(given, context, output, { isTyped: true });
  const selection = selectForVerb(given, context, setter.words);
  output.warnLines(selection.warnings);
  throwAll(selection.errors);
  setter.check?.(selection.found);
  const failures: Error[] = [];
  const mutations = selection.found.flatMap((found) => {
    try {
      return mutated(found, run, (object) => {
        failures.push(...setter.change(object, found).map((text) => new KubectlError(`error: ${text}`)));
      });
    } catch (error) {
      if (!isFailure(error)) throw error;
      failures.push(new KubectlError(`error: ${objectName(found)} ${error.message}\n`));
      return [];
    }
  });
  if (!setter.onlyShows) {
    for (const mutation of mutations) {
      if (!setter.sendsNothingToo && isEmptyPatch(mutation)) continue;
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
