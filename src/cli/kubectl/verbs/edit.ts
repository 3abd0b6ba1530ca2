// `kubectl edit`: objects in the user's editor, and what was changed as a patch.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/util/editor/editoptions.go, Kubernetes v1.36.3.
// Differs: what the API server refuses is told, not opened again; the file is YAML whatever -o says.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isMap, type JsonMap } from '../../../apimachinery/json.ts';
import { writeYaml } from '../../../manifests/writer/write-yaml.ts';
import { parseYamlDocument } from '../../../manifests/yaml-document.ts';
import { withoutManagedFields } from '../../../planner/apply/kubectl/output/printer.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { isFailure, KubectlError, type Output, throwAll } from '../outcome.ts';
import { apiVersionOf } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import { isEmptyPatch, type MutableJson, mutated } from './mutated-patch.ts';
import { VerbRun } from './requests.ts';
import { selectForVerb } from './verb-selection.ts';

const HEADER = `# Lines that begin with # are left out; a file without anything else ends the edit.
# What kubeplan shows afterwards is what saving this would do.
#
`;
const ERR_PRECONDITION = 'At least one of apiVersion, kind and name was changed';

export function edit(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (!context.edit) throw new KubectlError('there is no editor here');
  const run = new VerbRun(given, context, output);
  const selection = selectForVerb(given, context, given.arguments, { takesTypesAlone: true });
  output.warnLines(selection.warnings);
  throwAll(selection.errors);
  const [first] = selection.found;
  if (!first) throw new KubectlError('edit cancelled, no objects found');
  const objects = selection.found.map((found) => shown(found, run));
  const text = writeYaml(
    objects.length === 1 ? objects[0] : { apiVersion: 'v1', items: objects, kind: 'List', metadata: {} },
  );
  const edited = withoutComments(context.edit(`${HEADER}${text}`));
  if (edited === withoutComments(text)) output.stderr += 'Edit cancelled, no changes made.\n';
  else if (edited.trim() === '') output.stderr += 'Edit cancelled, saved file was empty.\n';
  else send(objectsIn(edited), selection.found, run);
}

/** As the server writes it, without who manages which field. */
function shown({ resource, object }: Found, run: VerbRun): JsonMap {
  return withoutManagedFields({ ...run.onWire(object), apiVersion: apiVersionOf(resource), kind: resource.kind });
}

function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
}

function objectsIn(text: string): readonly JsonMap[] {
  const { value, error } = parseYamlDocument(text);
  if (error) throw new KubectlError(`the edited file cannot be read: ${error.message}`);
  // YAML that Kubernetes can read is JSON.
  const object = (value ?? null) as JsonMap | null;
  if (!isMap(object)) throw new KubectlError('the edited file holds no object');
  return Array.isArray(object['items']) ? object['items'].filter((item): item is JsonMap => isMap(item)) : [object];
}

function send(edited: readonly JsonMap[], found: readonly Found[], run: VerbRun): void {
  const failures: Error[] = [];
  for (const object of edited) {
    const original = found.find((one) => identity(shown(one, run)) === identity(object));
    try {
      if (!original) throw new KubectlError(ERR_PRECONDITION);
      change(original, object, run);
    } catch (error) {
      if (!isFailure(error)) throw error;
      failures.push(error);
    }
  }
  throwAll(failures);
}

function change(found: Found, edited: JsonMap, run: VerbRun): void {
  const mutation = mutated(found, run, (object) => {
    const { managedFields } = (object['metadata'] ?? {}) as MutableJson;
    for (const key of Object.keys(object)) delete object[key];
    Object.assign(object, structuredClone(edited));
    if (managedFields !== undefined) (object['metadata'] as MutableJson)['managedFields'] = managedFields;
  });
  if (isEmptyPatch(mutation)) {
    run.printer.print(mutation.before, 'skipped');
    return;
  }
  const { kind, patch } = mutation;
  const options = { manager: 'kubectl-edit', fieldValidation: run.validation };
  run.printer.print(run.patch(found, kind, patch, options), 'edited');
}

function identity({ apiVersion, kind, metadata }: JsonMap): string {
  const { namespace, name } = isMap(metadata ?? null) ? (metadata as JsonMap) : {};
  return [apiVersion, kind, namespace, name].map((part) => goQuote(String(part ?? ''))).join(' ');
}
