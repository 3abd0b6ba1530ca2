// `kubectl scale`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/scale/scale.go and pkg/scale/scale.go, Kubernetes v1.36.3.
// Differs: a --timeout waits for nothing: the plan shows how the replicas come and go.
import { goQuote } from '../../../apimachinery/go/quote.ts';
import { isMap, type JsonMap } from '../../../apimachinery/json.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output, throwAll } from '../outcome.ts';
import type { Found } from '../select-objects.ts';
import { VerbRun } from './requests.ts';
import { selectForVerb } from './verb-selection.ts';

const ERR_COUNT = 'The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0';
const ERR_CURRENT = 'The --current-replicas must specify an integer of -1 or greater';
const ERR_VERSION = 'cannot use --resource-version with multiple resources';

export function scale(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (!given.has('replicas')) throw new KubectlError('required flag(s) "replicas" not set');
  const replicas = integerFlag(given, 'replicas', 0);
  const expected = integerFlag(given, 'current-replicas', -1);
  const run = new VerbRun(given, context, output);
  if (replicas < 0) throw new KubectlError(ERR_COUNT);
  if (expected < -1) throw new KubectlError(ERR_CURRENT);
  const selection = selectForVerb(given, context, given.arguments);
  output.warnLines(selection.warnings);
  const { found, errors } = selection;
  if (given.value('resource-version') && found.length > 1) throw new KubectlError(ERR_VERSION);
  if (found.length === 0) {
    throwAll(errors);
    throw new KubectlError('no objects passed to scale');
  }
  for (const one of found) scaleOne(one, { replicas, expected, version: given.value('resource-version') ?? '' }, run);
  throwAll(errors);
}

interface Wish {
  readonly replicas: number;
  readonly expected: number;
  readonly version: string;
}

function scaleOne(found: Found, { replicas, expected, version }: Wish, run: VerbRun): void {
  const { object, resource } = found;
  if (!run.isClientOnly) {
    if (expected >= 0 || version !== '') {
      const { namespace = '', name = '' } = object.metadata;
      checkCurrent(run.client.get({ mapping: run.mapping(resource), namespace, name }, 'scale'), expected, version);
    }
    run.patch(found, 'merge', { spec: { replicas } }, { subresource: 'scale' });
  }
  const scaled = run.onWire(object);
  const { spec } = scaled;
  run.printer.print({ ...scaled, spec: { ...(isMap(spec) ? spec : {}), replicas } }, 'scaled');
}

function checkCurrent({ spec, metadata }: JsonMap, expected: number, version: string): void {
  const current = isMap(spec) ? Number(spec['replicas'] ?? 0) : 0;
  if (expected >= 0 && current !== expected)
    throw new KubectlError(`Expected replicas to be ${expected}, was ${current}`);
  const found = isMap(metadata) ? String(metadata['resourceVersion'] ?? '') : '';
  if (version !== '' && found !== version)
    throw new KubectlError(`Expected resource version to be ${version}, was ${found}`);
}

/** Throws KubectlError for what is no number. */
export function integerFlag(given: ParsedArguments, name: string, fallback: number): number {
  const text = given.value(name);
  if (text === undefined) return fallback;
  if (!/^[+-]?\d+$/.test(text)) {
    const why = `strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`;
    throw new KubectlError(`invalid argument ${goQuote(text)} for ${goQuote(`--${name}`)} flag: ${why}`);
  }
  return Number(text);
}
