// Reads a KubeSchedulerConfiguration: its fields, the defaults of what it leaves out, and every objection to it.
// Behaviour: cmd/kube-scheduler/app/options/configfile.go, pkg/scheduler/apis/config/v1/defaults.go, pkg/scheduler/profile,
// Kubernetes v1.36.3.
// Differs: extenders are checked but cannot be asked without a network; `notes` say so.
import { aggregateMessage } from '../../../apimachinery/aggregate-error.ts';
import { isMap } from '../../../apimachinery/json.ts';
import { type PluginArgs, withDefaults } from './args.ts';
import type { SchedulerConfiguration } from './configuration.ts';
import {
  ARGS,
  CONFIGURATION,
  type GivenConfiguration,
  type GivenPluginConfig,
  type GivenProfile,
} from './configuration-fields.ts';
import { EXTENSION_POINTS } from './extension-points.ts';
import { DecodeError, decodeStruct } from './go-struct.ts';
import { checkProfile, ProfileError } from './make-plugins.ts';
import { mergePluginSet } from './merge-plugins.ts';
import { defaultPluginSets, type PluginSets, type Profile } from './profile.ts';
import type { IsFeatureEnabled } from './validate-args.ts';
import {
  argsErrors,
  CONFIGURATION_VERSION,
  isPluginWithArgs,
  validateConfiguration,
} from './validate-configuration.ts';

export type DecodedConfiguration =
  | {
      readonly ok: true;
      readonly configuration: SchedulerConfiguration;
      /** What the configuration asks for and the simulation leaves out. */
      readonly notes: readonly string[];
    }
  | { readonly ok: false; readonly error: string };

const DEFAULT_SCHEDULER = 'default-scheduler';
const GROUP = 'kubescheduler.config.k8s.io';

/** `document`: the YAML or JSON document as a value. */
export function decodeSchedulerConfiguration(
  document: unknown,
  isFeatureEnabled: IsFeatureEnabled,
): DecodedConfiguration {
  try {
    return read(document, isFeatureEnabled);
  } catch (error) {
    if (error instanceof DecodeError || error instanceof ProfileError) return { ok: false, error: error.message };
    throw error;
  }
}

function read(document: unknown, isFeatureEnabled: IsFeatureEnabled): DecodedConfiguration {
  checkKind(document);
  const { value, strictErrors } = decodeStruct(document, CONFIGURATION);
  const given = withDecodedArgs(value as GivenConfiguration, [...strictErrors]); // its fields were just read as such
  const profiles = profilesOf(given, isFeatureEnabled);
  const errors = validateConfiguration(
    given,
    profiles.map(({ given: profile, profile: { schedulerName, plugins } }) => ({
      given: profile,
      schedulerName,
      queueSort: plugins.queueSort,
    })),
    isFeatureEnabled,
  );
  if (errors.length > 0) throw new DecodeError(aggregateMessage(errors) ?? '');
  for (const { given: profile, profile: checked } of profiles) checkPlugins(profile, checked, isFeatureEnabled);
  return {
    ok: true,
    configuration: {
      // By default upstream leaves nodes out of sight, which ones only a running scheduler knows: who wants that says so.
      percentageOfNodesToScore: given.percentageOfNodesToScore ?? 100,
      podInitialBackoffSeconds: given.podInitialBackoffSeconds ?? 1,
      podMaxBackoffSeconds: given.podMaxBackoffSeconds ?? 10,
      profiles: profiles.map(({ profile }) => profile),
    },
    notes: (given.extenders ?? []).map(
      ({ urlPrefix = '' }, i) => `extenders[${i}]: the extender at ${urlPrefix} is not asked`,
    ),
  };
}

function checkKind(document: unknown): void {
  const { apiVersion = '', kind = '' } = (isMap(document) ? document : {}) as { apiVersion?: string; kind?: string }; // looked at below
  if (!isMap(document)) throw new DecodeError("couldn't get version/kind; the document is no map");
  if (typeof kind !== 'string' || kind === '') throw new DecodeError("Object 'Kind' is missing");
  if (typeof apiVersion !== 'string' || apiVersion === '') throw new DecodeError("Object 'apiVersion' is missing");
  if (apiVersion === CONFIGURATION_VERSION && kind === 'KubeSchedulerConfiguration') return;
  if (apiVersion === CONFIGURATION_VERSION && isPluginWithArgs(kind.replace(/Args$/, '')))
    throw new DecodeError(`couldn't decode as KubeSchedulerConfiguration, got ${apiVersion}, Kind=${kind}: `);
  throw new DecodeError(notRegistered(kind, apiVersion));
}

function notRegistered(kind: string, version: string): string {
  return `no kind "${kind}" is registered for version "${version}"`;
}

/** Arguments of plugins that have any are read into their fields; those of others stay as they are. */
function withDecodedArgs(given: GivenConfiguration, strictErrors: string[]): GivenConfiguration {
  const profiles = given.profiles?.map((profile, i) => ({
    ...profile,
    pluginConfig: (profile.pluginConfig ?? []).map((config, j) =>
      decodeArgs(config, `decoding .profiles[${i}].pluginConfig[${j}]`, strictErrors),
    ),
  }));
  if (strictErrors.length > 0) throw new DecodeError(`strict decoding error: ${strictErrors.join(', ')}`);
  return profiles ? { ...given, profiles } : given;
}

function decodeArgs(config: GivenPluginConfig, where: string, strictErrors: string[]): GivenPluginConfig {
  const { name = '', args } = config;
  if (!isPluginWithArgs(name)) return config;
  const own = `${name}Args`;
  const fail = (reason: string): never => {
    throw new DecodeError(`${where}: ${reason}`);
  };
  const about = `decoding args for plugin ${name}`;
  if (args !== undefined && !isMap(args)) return fail(`${about}: couldn't get version/kind; the arguments are no map`);
  const { apiVersion = CONFIGURATION_VERSION, kind = own } = args ?? {};
  if (apiVersion !== CONFIGURATION_VERSION || !isPluginWithArgs(String(kind).replace(/Args$/, '')))
    return fail(`${about}: ${notRegistered(String(kind), String(apiVersion))}`);
  if (kind !== own) return fail(`args for plugin ${name} were not of type ${own}.${GROUP}, got ${kind}.${GROUP}`);
  try {
    const decoded = decodeStruct(args ?? {}, ARGS[name]);
    if (decoded.strictErrors.length > 0)
      strictErrors.push(
        `${where}: strict decoding error: ${about}: strict decoding error: ${decoded.strictErrors.join(', ')}`,
      );
    return { name, args: decoded.value };
  } catch (error) {
    if (error instanceof DecodeError) return fail(`${about}: ${error.message}`);
    throw error;
  }
}

interface ReadProfile {
  readonly given: GivenProfile;
  readonly profile: Profile;
}

function profilesOf({ profiles }: GivenConfiguration, isFeatureEnabled: IsFeatureEnabled): readonly ReadProfile[] {
  const all = profiles && profiles.length > 0 ? profiles : [{}];
  const defaults = defaultPluginSets(isFeatureEnabled);
  return all.map((given) => {
    const { schedulerName, percentageOfNodesToScore, plugins = {}, pluginConfig = [] } = given;
    const merged = Object.fromEntries(
      ([...EXTENSION_POINTS, 'multiPoint'] as const).map((point) => [
        point,
        mergePluginSet(defaults[point], plugins[point]),
      ]),
    ) as PluginSets; // every point of the type is in the list
    const args = Object.fromEntries(pluginConfig.map(({ name = '', args: values }) => [name, values]));
    return {
      given,
      profile: {
        schedulerName: schedulerName ?? (all.length === 1 ? DEFAULT_SCHEDULER : ''),
        // Zero leaves it to the number of nodes, as the configuration's own does.
        ...(percentageOfNodesToScore !== undefined ? { percentageOfNodesToScore } : {}),
        plugins: merged,
        args: withDefaults(args as Partial<PluginArgs>), // decoded by the plugins' own fields
      },
    };
  });
}

/** What upstream only finds out when it makes the plugins of a profile. */
function checkPlugins({ pluginConfig = [] }: GivenProfile, profile: Profile, isFeatureEnabled: IsFeatureEnabled): void {
  const prefix = `initializing profiles: creating profile for scheduler name ${profile.schedulerName}: `;
  for (const { name = '', args } of pluginConfig) {
    if (!isPluginWithArgs(name)) continue;
    const errors = argsErrors(name, undefined, args, isFeatureEnabled);
    if (errors.length > 0) throw new DecodeError(`${prefix}initializing plugin "${name}": ${aggregateMessage(errors)}`);
  }
  const problem = checkProfile(profile);
  if (problem !== undefined) throw new DecodeError(prefix + problem);
}
