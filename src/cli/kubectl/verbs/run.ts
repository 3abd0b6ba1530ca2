// `kubectl run`: a pod with one container, and with --expose a service for it.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/run/run.go and pkg/generate/versioned/run.go, Kubernetes v1.36.3.
// Differs: nothing is attached to, so -i, -t, --attach and --rm only shape the pod or are refused.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import type { JsonMap } from '../../../apimachinery/json.ts';
import { isEnvVarName } from '../../../apimachinery/validation/names.ts';
import { annotatedConfiguration } from '../../../planner/apply/kubectl/patching/last-applied-configuration.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output, usageError } from '../outcome.ts';
import { overridden } from './overrides.ts';
import { encoded, VerbRun } from './requests.ts';

/** A reference: domain and path, a tag, a digest. */
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const DOMAIN =
  '(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?';
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}';
const REFERENCE = new RegExp(`^(?:${DOMAIN}/)?${COMPONENT}(?:/${COMPONENT})*(?::[\\w][\\w.-]{0,127})?(?:@${DIGEST})?$`);
const POLICIES = ['', 'Always', 'IfNotPresent', 'Never'];
const RESTARTS = ['Always', 'OnFailure', 'Never'];

export function run(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (!given.has('image')) throw new KubectlError('required flag(s) "image" not set');
  if (given.arguments.length === 0 || given.argumentsBeforeDash === 0)
    throw usageError('run', 'NAME is required for run');
  const image = given.value('image') ?? '';
  if (image === '') throw new KubectlError('--image is required');
  if (!REFERENCE.test(image)) throw new KubectlError(`Invalid image name ${goQuote(image)}: invalid reference format`);
  checkFlags(given);
  const verb = new VerbRun(given, context, output, { isTyped: true });
  const pod = place(overridden(encoded(podOf(given, image), verb.version), given, verb.version), verb);
  const made = make(pod, verb);
  if (given.flag('expose')) {
    verb.printTyped(make(place(serviceOf(given), verb), verb), 'created');
    // kubectl parts them a second time.
    if (given.value('output') === 'yaml') output.print('---\n');
  }
  verb.printTyped(made, 'created');
}

function checkFlags(given: ParsedArguments): void {
  const isAttached = given.flag('attach') || (given.flag('stdin') && !given.has('attach'));
  if (given.flag('tty') && !given.flag('stdin'))
    throw usageError('run', '-i/--stdin is required for containers with -t/--tty=true');
  if (given.flag('expose') && !given.value('port'))
    throw usageError('run', '--port must be set when exposing a service');
  const restart = given.value('restart') || 'Always';
  if (!RESTARTS.includes(restart)) throw usageError('run', `invalid restart policy: ${restart}`);
  if (given.flag('rm') && !isAttached) throw usageError('run', '--rm should only be used for attached containers');
  if (isAttached && given.has('dry-run') && given.value('dry-run') !== 'none')
    throw usageError(
      'run',
      "--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)",
    );
  const policy = given.value('image-pull-policy') ?? '';
  if (!POLICIES.includes(policy)) throw usageError('run', `invalid image pull policy: ${policy}`);
}

function podOf(given: ParsedArguments, image: string): JsonMap {
  const [name = '', ...args] = given.arguments;
  const annotations = given.list('annotations').map(annotationOf);
  const env = given.list('env').map((text) => {
    const equals = text.indexOf('=');
    const variable = text.slice(0, Math.max(0, equals));
    if (variable === '' || isEnvVarName(variable).length > 0) throw new KubectlError(`invalid env: ${text}`);
    return { name: variable, value: text.slice(equals + 1) };
  });
  const port = given.value('port') ?? '';
  if (port !== '' && !/^\d+$/.test(port))
    throw new KubectlError(`strconv.Atoi: parsing ${goQuote(port)}: invalid syntax`);
  const policy = given.value('image-pull-policy') ?? '';
  const isOpen = given.flag('stdin');
  const container = {
    name,
    image,
    ...(args.length > 0 ? { [given.flag('command') ? 'command' : 'args']: args } : {}),
    ...(env.length > 0 ? { env } : {}),
    ...(policy === '' ? {} : { imagePullPolicy: policy }),
    ...(port === '' ? {} : { ports: [{ containerPort: Number(port) }] }),
    ...(given.flag('privileged') ? { securityContext: { privileged: true } } : {}),
    ...(isOpen ? { stdin: true } : {}),
    ...(isOpen && !given.flag('leave-stdin-open') ? { stdinOnce: true } : {}),
    ...(given.flag('tty') ? { tty: true } : {}),
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      labels: labelsOf(given, name),
      ...(annotations.length > 0 ? { annotations: Object.fromEntries(annotations) } : {}),
    },
    spec: { containers: [container], dnsPolicy: 'ClusterFirst', restartPolicy: given.value('restart') || 'Always' },
  };
}

function labelsOf(given: ParsedArguments, name: string): Readonly<Record<string, string>> {
  const text = given.value('labels') ?? '';
  return text === '' ? { run: name } : parseLabels(text);
}

/** `app=web,tier=front` */
export function parseLabels(text: string): Readonly<Record<string, string>> {
  if (text === '') throw new KubectlError('no label spec passed');
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [key = '', value, ...more] = part.split('=');
      if (value === undefined || more.length > 0) throw new KubectlError(`unexpected label spec: ${part}`);
      if (key === '') throw new KubectlError('unexpected empty label key');
      return [key, value];
    }),
  );
}

function annotationOf(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  if (equals <= 0) throw new KubectlError(`invalid annotations format: ${text}`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function serviceOf(given: ParsedArguments): JsonMap {
  const [name = ''] = given.arguments;
  const port = Number(given.value('port'));
  const labels = given.value('labels') ? { labels: labelsOf(given, name) } : {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, ...labels },
    spec: { selector: labelsOf(given, name), ports: [{ port, protocol: 'TCP', targetPort: port }] },
  };
}

function place(object: JsonMap, verb: VerbRun): JsonMap {
  const namespace = verb.given.value('namespace');
  if (namespace === undefined || !verb.isClientOnly) return encoded(object, verb.version);
  return encoded({ ...object, metadata: { ...(object['metadata'] as JsonMap), namespace } }, verb.version);
}

function make(object: JsonMap, verb: VerbRun): JsonMap {
  if (verb.isClientOnly) return object;
  const saved = verb.given.flag('save-config') ? annotatedConfiguration(object) : object;
  return verb.create(saved, { manager: 'kubectl-run' });
}
