// `kubectl events` on a cluster.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/events/events.go, Kubernetes v1.36.3.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { writeYaml } from '../../../manifests/writer/write-yaml.ts';
import { eventsByTime, eventsTable } from '../../../report/kubectl/events-output.ts';
import { jsonText } from '../../../report/kubectl/json-output.ts';
import type { Event } from '../../../schema/generated/types/core-v1.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { apiVersionOf } from '../resources.ts';
import { surroundingsOf } from './describe.ts';

const ERR_FOR = '--for must be in resource/name form';
const ERR_SLASHES = 'arguments in resource/name form may not have more than one slash';
const ERR_TYPES = 'valid --types are Normal or Warning';

export function events(given: ParsedArguments, context: KubectlContext, output: Output): void {
  const about = objectOf(given.value('for'), context);
  const types = given.list('types').flatMap((text) => text.toLowerCase().split(','));
  if (types.some((type) => type !== 'normal' && type !== 'warning')) throw new KubectlError(ERR_TYPES);
  const allNamespaces = given.flag('all-namespaces');
  const found = surroundingsOf(context, true)
    .list<Event>('Event', allNamespaces ? undefined : namespaceOf(given))
    .filter(({ type, involvedObject: { kind, name, apiVersion } }) => {
      if (types.length > 0 && !types.includes((type ?? '').toLowerCase())) return false;
      return !about || (kind === about.kind && name === about.name && apiVersion === about.apiVersion);
    });
  if (found.length === 0) {
    output.stderr += allNamespaces ? 'No events found.\n' : `No events found in ${namespaceOf(given)} namespace.\n`;
    return;
  }
  const sorted = eventsByTime(found);
  const list = { apiVersion: 'v1', items: sorted, kind: 'EventList', metadata: {} };
  switch (given.value('output') ?? '') {
    case '':
      output.stdout += eventsTable(sorted, { noHeaders: given.flag('no-headers'), allNamespaces }, context.now);
      return;
    case 'json':
      output.stdout += jsonText(list);
      return;
    case 'yaml':
      output.stdout += writeYaml(list);
      return;
    case 'name':
      // A list of events has no name, and kubectl says nothing of its complaint.
      return;
    default:
      throw new KubectlError(`the output format ${given.value('output')} is not built in kubeplan`);
  }
}

function objectOf(
  text: string | undefined,
  { view }: KubectlContext,
): { readonly kind: string; readonly name: string; readonly apiVersion: string } | undefined {
  if (text === undefined || text === '') return undefined;
  const [word = '', name, ...more] = text.split('/');
  if (name === undefined) throw new KubectlError(ERR_FOR);
  if (more.length > 0) throw new KubectlError(ERR_SLASHES);
  const match = view.resources.find(word);
  if (!match) throw new KubectlError(`the server doesn't have a resource type ${goQuote(word)}`);
  return { kind: match.resource.kind, name, apiVersion: apiVersionOf(match.resource) };
}
