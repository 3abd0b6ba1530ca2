// `kubectl set image`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/set/set_image.go, Kubernetes v1.36.3.
import { goQuote } from '../../../../apimachinery/go/quote.ts';
import type { ParsedArguments } from '../../arguments.ts';
import { KubectlError, throwAll } from '../../outcome.ts';
import { containersOf, type MutableJson } from '../mutated-patch.ts';
import { splitPairs } from './pairs.ts';
import { onPodSpecs, type Setter } from './setter.ts';

const ERR_NO_RESOURCES = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';
const ERR_NO_IMAGES = 'at least one image update is required';
const ERR_WILDCARD =
  'all containers are already specified by *, but saw more than one container_name=container_image pairs';

export function setImage(given: ParsedArguments): Setter {
  const { words, pairs } = splitPairs(given.arguments.slice(1), 'image');
  const images = new Map<string, string>();
  const wrong = pairs.filter((pair) => !pair.includes('='));
  if (wrong.length > 0) throw new KubectlError(`invalid image format: ${wrong.join(', ')}`);
  for (const pair of pairs) images.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
  return onPodSpecs({
    words,
    operation: 'image updated',
    failure: 'failed to patch image update to pod template:',
    check() {
      const complaints: string[] = [];
      if (given.flag('all') && given.has('selector'))
        complaints.push('cannot set --all and --selector at the same time');
      if (words.length === 0 && !given.has('filename')) complaints.push(ERR_NO_RESOURCES);
      if (images.size === 0) complaints.push(ERR_NO_IMAGES);
      else if (images.size > 1 && images.has('*')) complaints.push(ERR_WILDCARD);
      throwAll(complaints.map((text) => new KubectlError(text)));
    },
    change: (spec) => [...images].flatMap(([name, image]) => change(spec, name, image)),
  });
}

function change(spec: MutableJson, name: string, image: string): readonly string[] {
  const all = [...containersOf(spec, 'initContainers'), ...containersOf(spec, 'containers')];
  const meant = all.filter((container) => name === '*' || container['name'] === name);
  for (const container of meant) container['image'] = image;
  return meant.length > 0 ? [] : [`unable to find container named ${goQuote(name)}`];
}
