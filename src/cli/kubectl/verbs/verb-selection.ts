// The objects that a verb works on: named by arguments, selectors or files.
// Behaviour: staging/src/k8s.io/cli-runtime/pkg/resource/builder.go (FilenameParam, ResourceTypeOrNameArgs, Latest), Kubernetes v1.36.3.
import { filesNamed } from '../../../planner/apply/kubectl/input/files-named.ts';
import { type ObjectInfo, visitAll } from '../../../planner/apply/kubectl/input/objects.ts';
import { namespaceOf, type ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { isFailure, KubectlError, notFound, throwAll } from '../outcome.ts';
import { resourceText } from '../resources.ts';
import { type Found, type Selection, selectObjects } from '../select-objects.ts';

const ERR_NO_NAME = 'resource(s) were provided, but no name was specified';
export const ERR_NOTHING_NAMED = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;
const ERR_NAME_AND_SELECTOR = 'name cannot be provided when a selector is specified';

interface SelectionOptions {
  readonly takesTypesAlone?: boolean;
  /** Whether --all is a selector, which does not go with names. */
  readonly allSelects?: boolean;
  /** Whether names stand for objects that nobody looks for. */
  readonly takesUnknownNames?: boolean;
}

/** Throws KubectlError where neither names, selectors nor files say which objects are meant. */
export function selectForVerb(
  given: ParsedArguments,
  context: KubectlContext,
  words: readonly string[],
  { takesTypesAlone = false, allSelects = false, takesUnknownNames = false }: SelectionOptions = {},
): Selection {
  if (given.has('filename')) return selectionOfFiles(given, context);
  if (words.length === 0) throw new KubectlError(ERR_NOTHING_NAMED);
  const isNamed = words.length > 1 || words.some((word) => word.includes('/'));
  if (allSelects && given.flag('all') && isNamed) throw new KubectlError(ERR_NAME_AND_SELECTOR);
  const selection = selectObjects(context.view, {
    words,
    namespace: namespaceOf(given),
    allNamespaces: given.flag('all-namespaces'),
    labelSelector: given.value('selector') ?? '',
    fieldSelector: given.value('field-selector') ?? '',
    takesUnknownNames,
  });
  const isSelecting = given.flag('all') || given.has('selector') || given.has('field-selector');
  if (!takesTypesAlone && selection.resources.length > 0 && !isSelecting) throw new KubectlError(ERR_NO_NAME);
  return selection;
}

function selectionOfFiles(given: ParsedArguments, context: KubectlContext): Selection {
  const found: Found[] = [];
  const errors: KubectlError[] = [];
  for (const { mapping, namespace, name } of objectsInFiles(given, context)) {
    const resource = context.view.resources.all.find(
      ({ group, version, kind }) => group === mapping.group && version === mapping.version && kind === mapping.kind,
    );
    const object = resource && context.view.get(resource, namespace, name);
    if (resource && object) found.push({ resource, object });
    else errors.push(notFound(resourceText(mapping), name));
  }
  return { found, errors, warnings: [], isSingle: found.length === 1, resources: [] };
}

function objectsInFiles(given: ParsedArguments, context: KubectlContext): readonly ObjectInfo[] {
  const { server, kubernetesVersion } = context.cluster();
  const infos: ObjectInfo[] = [];
  const reading = {
    catalog: server.options.catalog,
    version: kubernetesVersion,
    files: filesNamed(given.list('filename'), given.flag('recursive'), context.files),
    namespace: namespaceOf(given),
    isEnforced: given.has('namespace'),
    validate: false,
    selector: undefined,
  };
  visitAll(reading, (info) => infos.push(info));
  return infos;
}

/** Visits every object whatever fails; throws all failures at the end. */
export function visitFound(selection: Selection, visit: (found: Found) => void): void {
  const failures: Error[] = [];
  for (const found of selection.found) {
    try {
      visit(found);
    } catch (error) {
      if (!isFailure(error)) throw error;
      failures.push(error);
    }
  }
  throwAll([...failures, ...selection.errors]);
}
