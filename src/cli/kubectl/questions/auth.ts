// `kubectl auth can-i`: whoever plans may do everything, as a cluster administrator does.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/auth/cani.go, Kubernetes v1.36.3.
// Differs: --as and --list are not built: what others may do is not asked.
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';

const ERR_USAGE =
  "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.";
/** Names that rules may have though no server serves them. */
const ONLY_IN_RULES = new Set(['users', 'groups']);
const RESOURCE_VERBS = new Set(
  'get list watch create update patch delete deletecollection use bind impersonate approve sign escalate attest *'.split(
    ' ',
  ),
);
const PATH_VERBS = new Set('get put post head options delete patch *'.split(' '));

export function auth(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const [what = '', verb, asked, ...more] = given.arguments;
  if (what !== 'can-i') throw new KubectlError(`kubectl auth ${what} is not built in kubeplan`);
  if (verb === undefined || asked === undefined || more.length > 0) throw new KubectlError(ERR_USAGE);
  for (const text of warningsOf(verb, asked, given, context)) output.error(`Warning: ${text}\n\n`);
  if (given.flag('no-headers')) throw new KubectlError('--no-headers cannot be set without --list specified');
  if (!given.flag('quiet')) output.print('yes\n');
}

function warningsOf(verb: string, asked: string, given: ParsedArguments, { view }: KubectlContext): readonly string[] {
  const ofVerb = (known: ReadonlySet<string>) => (known.has(verb) ? [] : [`verb '${verb}' is not a known verb`]);
  if (asked.startsWith('/')) return ofVerb(PATH_VERBS);
  const type = (asked.split('/')[0] ?? '').toLowerCase();
  const warnings: string[] = [];
  if (type !== '*') {
    const resource = view.resources.find(type)?.resource;
    const [name = '', ...group] = type.split('.');
    if (!resource && !ONLY_IN_RULES.has(type)) {
      const place = group.length === 0 ? '' : ` in group '${group.join('.')}'`;
      warnings.push(`the server doesn't have a resource type '${name}'${place}`);
    } else if (resource && !resource.namespaced && !given.flag('all-namespaces')) {
      const place = resource.group === '' ? '' : ` in group '${resource.group}'`;
      warnings.push(`resource '${resource.plural}' is not namespace scoped${place}`);
    }
  }
  return given.flag('all-namespaces') ? warnings : [...warnings, ...ofVerb(RESOURCE_VERBS)];
}
