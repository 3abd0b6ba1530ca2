// `kubectl autoscale`: a HorizontalPodAutoscaler for a workload.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/autoscale/autoscale.go, Kubernetes v1.36.3.
import { goFloat } from '../../../apimachinery/go/quote.ts';
import type { JsonMap } from '../../../apimachinery/json.ts';
import { parseQuantity } from '../../../apimachinery/quantity/quantity.ts';
import { annotatedConfiguration } from '../../../planner/apply/kubectl/patching/last-applied-configuration.ts';
import type { ParsedArguments } from '../arguments.ts';
import type { KubectlContext } from '../context.ts';
import { KubectlError, type Output } from '../outcome.ts';
import { apiVersionOf } from '../resources.ts';
import type { Found } from '../select-objects.ts';
import { encoded, VerbRun } from './requests.ts';
import { integerFlag } from './scale.ts';
import { selectForVerb, visitFound } from './verb-selection.ts';

interface Wish {
  readonly min: number;
  readonly max: number;
  readonly metrics: readonly JsonMap[];
}

export function autoscale(given: ParsedArguments, context: KubectlContext, output: Output): void {
  if (!given.has('max')) throw new KubectlError('required flag(s) "max" not set');
  if (given.has('cpu-percent'))
    output.error(
      "Flag --cpu-percent has been deprecated, Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).\n",
    );
  const wish = wishOf(given);
  const run = new VerbRun(given, context, output, { isTyped: true, opensLate: true });
  const selection = selectForVerb(given, context, given.arguments);
  output.warnLines(selection.warnings);
  if (selection.found.length + selection.errors.length === 0) throw new KubectlError('no objects passed to autoscale');
  visitFound(selection, (found) => {
    const { resource } = run.mapping(found.resource);
    if (!resource.scale) throw new KubectlError(noScale(found));
    const autoscaler = encoded(autoscalerFor(found, wish, given), run.version);
    if (run.isClientOnly) run.printTyped(autoscaler, 'created');
    else {
      const saved = given.flag('save-config') ? annotatedConfiguration(autoscaler) : autoscaler;
      run.printTyped(run.create(saved, { manager: 'kubectl-autoscale' }), 'autoscaled');
    }
  });
}

function noScale({ resource }: Found): string {
  const type = `${resource.group}/${resource.version}, Resource=${resource.plural}`;
  return `cannot autoscale a ${resource.kind}: could not find scale subresource for ${type} in discovery information`;
}

function wishOf(given: ParsedArguments): Wish {
  const max = integerFlag(given, 'max', -1);
  const min = integerFlag(given, 'min', -1);
  const percent = integerFlag(given, 'cpu-percent', -1);
  const cpu = given.value('cpu') ?? '';
  const memory = given.value('memory') ?? '';
  if (max < 1) throw new KubectlError(`--max=MAXPODS is required and must be at least 1, max: ${max}`);
  if (max < min)
    throw new KubectlError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`);
  if (percent > 0 && cpu !== '') throw new KubectlError('--cpu-percent and --cpu are mutually exclusive');
  const metrics = [
    ...(percent > 0 ? [metric('cpu', { type: 'Utilization', averageUtilization: percent })] : []),
    ...(cpu === '' ? [] : [metric('cpu', targetOf(cpu, 'cpu', 'm'))]),
    ...(memory === '' ? [] : [metric('memory', targetOf(memory, 'memory', 'Mi'))]),
  ];
  return { min, max, metrics };
}

function metric(name: string, target: JsonMap): JsonMap {
  return { type: 'Resource', resource: { name, target } };
}

/** `70%`, a quantity, or a bare number of the default unit. */
function targetOf(given: string, name: string, unit: string): JsonMap {
  const text = given.trim();
  if (text === '') throw new KubectlError('empty input');
  if (text.endsWith('%')) {
    const percent = text.slice(0, -1);
    if (!/^\+?\d+$/.test(percent)) throw new KubectlError(`invalid percentage value: ${percent}`);
    return { type: 'Utilization', averageUtilization: Number(percent) };
  }
  const isBare = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
  const quantity = parseQuantity(isBare ? `${goFloat(Number(text))}${unit}` : text);
  if (!quantity) throw new KubectlError(`invalid resource ${name} value: ${text}`);
  return { type: 'AverageValue', averageValue: quantity.toString() };
}

function autoscalerFor({ resource, object }: Found, { min, max, metrics }: Wish, given: ParsedArguments): JsonMap {
  const { name = '' } = object.metadata;
  const namespace = given.value('namespace');
  return {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: given.value('name') || name, ...(namespace === undefined ? {} : { namespace }) },
    spec: {
      scaleTargetRef: { kind: resource.kind, name, apiVersion: apiVersionOf(resource) },
      ...(min > 0 ? { minReplicas: min } : {}),
      maxReplicas: max,
      ...(metrics.length > 0 ? { metrics } : {}),
    },
  };
}
