// What is wrong with a KubeSchedulerConfiguration.
// Behaviour: pkg/scheduler/apis/config/validation/validation.go, component-base/config/validation, Kubernetes v1.36.3.
// Differs: upstream walks a profile's extension points in random order, here they come in the order of its fields.
import { semanticDeepEqual } from '../../../apimachinery/deep-equal.ts';
import {
  duplicate,
  type ErrorPath,
  fieldErrorMessage,
  goValue,
  invalid,
  required,
} from '../../../apimachinery/field-error.ts';
import { FieldPath } from '../../../apimachinery/field-path.ts';
import { durationMillis } from '../../../apimachinery/time/duration.ts';
import { isQualifiedName } from '../../../apimachinery/validation/names.ts';
import { isExtendedResourceName } from '../framework/resource.ts';
import type {
  GivenArgs,
  GivenConfiguration,
  GivenExtender,
  GivenPluginConfig,
  GivenPluginSet,
  GivenProfile,
} from './configuration-fields.ts';
import { EXTENSION_POINTS } from './extension-points.ts';
import type { PluginSet } from './profile.ts';
import { type IsFeatureEnabled, VALIDATE_ARGS } from './validate-args.ts';

export const CONFIGURATION_VERSION = 'kubescheduler.config.k8s.io/v1';

/** Plugins of earlier versions. */
const REMOVED_PLUGINS: ReadonlySet<string> = new Set(['AzureDiskLimits', 'CinderLimits', 'EBSLimits', 'GCEPDLimits']);
const WAS_REMOVED = `was invalid in version "v1" (KubeSchedulerConfiguration is version "${CONFIGURATION_VERSION}")`;

/** A profile as given, its queue sort plugins merged with the default ones. */
interface MergedProfile {
  readonly given: GivenProfile;
  readonly schedulerName: string;
  readonly queueSort: PluginSet;
}

export function validateConfiguration(
  given: GivenConfiguration,
  profiles: readonly MergedProfile[],
  isFeatureEnabled: IsFeatureEnabled,
): readonly string[] {
  const { parallelism = 16, podInitialBackoffSeconds: initial = 1, podMaxBackoffSeconds: max = 10 } = given;
  const errors = [...validateConnection(given)];
  const path = FieldPath.of('profiles');
  if (parallelism <= 0)
    errors.push(message(FieldPath.of('parallelism'), parallelism, 'should be an integer value greater than zero'));
  const known = new Map<string, number>();
  profiles.forEach(({ given: profile, schedulerName }, i) => {
    const at = path.index(i);
    errors.push(...validateProfile(at, schedulerName, profile, isFeatureEnabled));
    // Upstream prints a path, which has no fields that JSON can show.
    if (known.has(schedulerName)) errors.push(fieldErrorMessage(duplicate(at.child('schedulerName'), goValue('{}'))));
    known.set(schedulerName, i);
  });
  errors.push(...validateQueueSort(path, profiles));
  errors.push(...validatePercentage(FieldPath.of('percentageOfNodesToScore'), given.percentageOfNodesToScore));
  if (initial <= 0) errors.push(message(FieldPath.of('podInitialBackoffSeconds'), initial, 'must be greater than 0'));
  if (max < initial)
    errors.push(
      message(FieldPath.of('podMaxBackoffSeconds'), max, 'must be greater than or equal to PodInitialBackoffSeconds'),
    );
  errors.push(...validateExtenders(FieldPath.of('extenders'), given.extenders ?? []));
  return errors;
}

function message(path: ErrorPath, value: unknown, detail: string): string {
  return fieldErrorMessage(invalid(path, value, detail));
}

function validateConnection({ clientConnection, leaderElection = {} }: GivenConfiguration): readonly string[] {
  const errors: string[] = [];
  const burst = clientConnection?.burst ?? 0;
  if (burst < 0) errors.push(message(FieldPath.of('clientConnection', 'burst'), burst, 'must be non-negative'));
  const { leaderElect = true, resourceLock = '' } = leaderElection;
  if (!leaderElect) return errors;
  const path = FieldPath.of('leaderElection');
  const lease = durationOr(leaderElection.leaseDuration, '15s');
  const renew = durationOr(leaderElection.renewDeadline, '10s');
  const retry = durationOr(leaderElection.retryPeriod, '2s');
  for (const [name, { text, millis }] of [
    ['leaseDuration', lease],
    ['renewDeadline', renew],
    ['retryPeriod', retry],
  ] as const)
    if (millis <= 0) errors.push(message(path.child(name), text, 'must be greater than zero'));
  if (lease.millis <= renew.millis)
    errors.push(message(path.child('leaseDuration'), renew.text, 'must be greater than `RenewDeadline`'));
  if (resourceLock !== '' && resourceLock !== 'leases')
    errors.push(message(path.child('resourceLock'), resourceLock, 'resourceLock value must be "leases"'));
  return errors;
}

/** Zero counts as not given. */
function durationOr(given: string | undefined, fallback: string): { readonly text: string; readonly millis: number } {
  const millis = given === undefined ? 0 : (durationMillis(given) ?? 0);
  return millis === 0 ? { text: fallback, millis: durationMillis(fallback) ?? 0 } : { text: given ?? '', millis };
}

function validateProfile(
  path: FieldPath,
  schedulerName: string,
  { percentageOfNodesToScore, plugins = {}, pluginConfig = [] }: GivenProfile,
  isFeatureEnabled: IsFeatureEnabled,
): readonly string[] {
  const errors: string[] = [];
  if (schedulerName === '') errors.push(fieldErrorMessage(required(path.child('schedulerName'), '')));
  errors.push(...validatePercentage(path.child('percentageOfNodesToScore'), percentageOfNodesToScore));
  for (const point of EXTENSION_POINTS)
    errors.push(...validatePluginSet(path.child('plugins', point), plugins[point] ?? {}));
  const seen = new Set<string>();
  pluginConfig.forEach((config, i) => {
    const at = path.child('pluginConfig').index(i);
    const name = config.name ?? '';
    if (seen.has(name)) errors.push(fieldErrorMessage(duplicate(at, name)));
    seen.add(name);
    if (REMOVED_PLUGINS.has(name)) errors.push(message(at, name, WAS_REMOVED));
    else errors.push(...validateArgs(at.child('args'), config, isFeatureEnabled));
  });
  return errors;
}

function validatePercentage(path: FieldPath, percentage: number | undefined): readonly string[] {
  if (percentage === undefined || (percentage >= 0 && percentage <= 100)) return [];
  return [message(path, percentage, 'not in valid range [0-100]')];
}

function validatePluginSet(path: FieldPath, { enabled = [] }: GivenPluginSet): readonly string[] {
  return enabled.flatMap(({ name = '' }, i) =>
    REMOVED_PLUGINS.has(name) ? [message(path.child('enabled').index(i), name, WAS_REMOVED)] : [],
  );
}

function validateArgs(
  path: FieldPath,
  { name = '', args }: GivenPluginConfig,
  isFeatureEnabled: IsFeatureEnabled,
): readonly string[] {
  // Upstream asks for NodeResourcesFit under a name that no plugin has.
  if (name === 'NodeResourcesFit' || !isPluginWithArgs(name)) return [];
  return argsErrors(name, path, args, isFeatureEnabled);
}

export function isPluginWithArgs(name: string): name is keyof GivenArgs {
  return Object.hasOwn(VALIDATE_ARGS, name);
}

export function argsErrors<Name extends keyof GivenArgs>(
  name: Name,
  path: ErrorPath,
  args: unknown,
  isFeatureEnabled: IsFeatureEnabled,
): readonly string[] {
  return VALIDATE_ARGS[name](path, args as GivenArgs[Name], isFeatureEnabled); // they were decoded as the plugin's
}

function validateQueueSort(path: FieldPath, profiles: readonly MergedProfile[]): readonly string[] {
  const [first, ...others] = profiles;
  if (!first) return [];
  const errors: string[] = [];
  const count = first.queueSort.enabled.length;
  if (count > 1)
    errors.push(
      message(
        path.index(0).child('plugins', 'queueSort', 'Enabled'),
        count,
        'only one queue sort plugin can be enabled',
      ),
    );
  others.forEach(({ queueSort }, i) => {
    if (semanticDeepEqual(queueSort, first.queueSort)) return;
    const at = path.index(i + 1).child('plugins', 'queueSort');
    errors.push(message(at, pluginSetValue(queueSort), 'must be the same for all profiles'));
  });
  return errors;
}

function pluginSetValue({ enabled, disabled }: PluginSet): unknown {
  const list = (plugins: PluginSet['enabled']): string =>
    plugins.length === 0
      ? 'null'
      : `[${plugins.map(({ name, weight = 0 }) => `{"Name":${JSON.stringify(name)},"Weight":${weight}}`).join(',')}]`;
  return goValue(`{"Enabled":${list(enabled)},"Disabled":${list(disabled)}}`);
}

function validateExtenders(path: FieldPath, extenders: readonly GivenExtender[]): readonly string[] {
  const errors: string[] = [];
  const managed = new Set<string>();
  extenders.forEach(({ prioritizeVerb, weight = 0, managedResources = [] }, i) => {
    const at = path.index(i);
    if (prioritizeVerb && weight <= 0)
      errors.push(message(at.child('weight'), weight, 'must have a positive weight applied to it'));
    managedResources.forEach(({ name = '' }, j) => {
      const namePath = at.child('managedResources').index(j).child('name');
      const faults = isQualifiedName(name);
      for (const fault of faults) errors.push(message(namePath, name, fault));
      if (faults.length === 0 && !isExtendedResourceName(name))
        errors.push(message(namePath, name, 'is an invalid extended resource name'));
      if (managed.has(name)) errors.push(message(namePath, name, 'duplicate extender managed resource name'));
      managed.add(name);
    });
  });
  const binders = extenders.filter(({ bindVerb }) => bindVerb).length;
  if (binders > 1)
    errors.push(message(path, `found ${binders} extenders implementing bind`, 'only one extender can implement bind'));
  return errors;
}
