// The objects that kubectl's arguments name: TYPE, TYPE NAME…, TYPE/NAME…, with selectors.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go, Kubernetes v1.36.3.
import { goQuote } from '../../apimachinery/go/quote.ts';
import type { KubeObject } from '../../apimachinery/object.ts';
import { type FieldSelector, parseFieldSelector } from '../../selectors/field-selector.ts';
import { parseSelector, type Selector } from '../../selectors/label-selector.ts';
import type { ClusterView } from './cluster-view.ts';
import { KubectlError, notFound } from './outcome.ts';
import { checkFields, fieldsOf } from './questions/field-labels.ts';
import { apiVersionOf, resourceText, type ServedResource } from './resources.ts';

const ERR_MIXED =
  "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'";
const ERR_FORM = 'arguments in resource/name form must have a single resource and name';
const ERR_ALL_NAMESPACES = 'a resource cannot be retrieved by name across all namespaces';
const ERR_NAME_AND_SELECTOR = 'name cannot be provided when a selector is specified';

export interface Question {
  readonly words: readonly string[];
  readonly namespace: string;
  readonly allNamespaces: boolean;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  /** Whether a name that is not there is taken as it stands. */
  readonly takesUnknownNames?: boolean;
}

export interface Found {
  readonly resource: ServedResource;
  readonly object: KubeObject;
}

export interface Selection {
  readonly found: readonly Found[];
  readonly errors: readonly KubectlError[];
  readonly warnings: readonly string[];
  /** One object was asked for by name. */
  readonly isSingle: boolean;
  /** Resources asked for as a whole. */
  readonly resources: readonly ServedResource[];
}

/** Throws KubectlError where the arguments themselves are wrong. */
export function selectObjects(view: ClusterView, question: Question): Selection {
  const warnings: string[] = [];
  const lookUp = (word: string): ServedResource => {
    const match = view.resources.find(word);
    if (!match)
      throw new KubectlError(`the server doesn't have a resource type ${goQuote(word.split('.')[0] ?? word)}`);
    for (const other of match.alsoMatching) {
      warnings.push(`Warning: short name "${word}" could also match lower priority resource ${resourceText(other)}\n`);
    }
    const { warning } = match.resource;
    if (warning && !warnings.includes(`Warning: ${warning}\n`)) warnings.push(`Warning: ${warning}\n`);
    return match.resource;
  };
  const pairs = namedPairs(question.words);
  if (pairs) {
    const found = pairs.map(([word, name]) => ({ resource: lookUp(word), name }));
    return { ...fetchNamed(view, question, found), warnings, isSingle: found.length === 1, resources: [] };
  }
  const [types = '', ...names] = question.words;
  const resources = types.split(',').flatMap((word) => {
    const category = view.resources.find(word) ? [] : view.resources.inCategory(word);
    return category.length > 0 ? category : [lookUp(word)];
  });
  if (names.length > 0) {
    const asked = resources.flatMap((resource) => names.map((name) => ({ resource, name })));
    return { ...fetchNamed(view, question, asked), warnings, isSingle: asked.length === 1, resources: [] };
  }
  return { ...fetchLists(view, question, resources), warnings, isSingle: false, resources };
}

/** `pod/a node/b` as pairs; undefined when no argument has a slash. */
function namedPairs(words: readonly string[]): readonly (readonly [string, string])[] | undefined {
  if (!words.some((word) => word.includes('/'))) return undefined;
  return words.map((word) => {
    if (!word.includes('/')) throw new KubectlError(ERR_MIXED);
    const [type = '', name = '', ...more] = word.split('/');
    if (more.length > 0 || type === '' || name === '') throw new KubectlError(ERR_FORM);
    return [type, name] as const;
  });
}

function fetchNamed(
  view: ClusterView,
  { namespace, allNamespaces, labelSelector, fieldSelector, takesUnknownNames = false }: Question,
  asked: readonly { readonly resource: ServedResource; readonly name: string }[],
): Pick<Selection, 'found' | 'errors'> {
  if (labelSelector !== '' || fieldSelector !== '') throw new KubectlError(ERR_NAME_AND_SELECTOR);
  if (allNamespaces && asked.some(({ resource }) => resource.namespaced)) throw new KubectlError(ERR_ALL_NAMESPACES);
  const found: Found[] = [];
  const errors: KubectlError[] = [];
  for (const { resource, name } of asked) {
    const object =
      view.get(resource, namespace, name) ?? (takesUnknownNames ? named(resource, namespace, name) : undefined);
    if (object) found.push({ resource, object });
    else errors.push(notFound(resourceText(resource), name));
  }
  return { found, errors };
}

function named(resource: ServedResource, namespace: string, name: string): KubeObject {
  const metadata = resource.namespaced ? { name, namespace } : { name };
  return { apiVersion: apiVersionOf(resource), kind: resource.kind, metadata };
}

function fetchLists(
  view: ClusterView,
  question: Question,
  resources: readonly ServedResource[],
): Pick<Selection, 'found' | 'errors'> {
  const found: Found[] = [];
  const errors: KubectlError[] = [];
  for (const resource of resources) {
    try {
      const { labels, fields } = selectorsOf(question, resource);
      const objects = view.list(resource, question.allNamespaces ? undefined : question.namespace);
      for (const object of objects) {
        const one = { resource, object };
        if (labels.matches(object.metadata.labels) && fields.matches(fieldsOf(one, fields))) found.push(one);
      }
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error;
      errors.push(badSelector(question, resource, error.message));
    }
  }
  return { found, errors };
}

function selectorsOf(
  { labelSelector, fieldSelector }: Question,
  resource: ServedResource,
): { readonly labels: Selector; readonly fields: FieldSelector } {
  const labels = parseSelector(labelSelector);
  if (!labels.ok) throw new KubectlError(labels.error);
  const fields = parseFieldSelector(fieldSelector);
  if (!fields.ok) throw new KubectlError(fields.error);
  checkFields(resource, fields.value);
  return { labels: labels.value, fields: fields.value };
}

function badSelector(question: Question, { group, version, plural }: ServedResource, why: string): KubectlError {
  const where = goQuote(`${group}/${version}, Resource=${plural}`);
  const labels = goQuote(question.labelSelector);
  const fields = goQuote(question.fieldSelector);
  return new KubectlError(
    `Unable to find ${where} that match label selector ${labels}, field selector ${fields}: ${why}`,
    {
      reason: 'BadRequest',
    },
  );
}
