import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from 'yaml';
import { StaticCluster } from '../../../../src/planner/scheduler/explain/static-cluster.ts';
import type { SchedulerConfiguration } from '../../../../src/planner/scheduler/profile/configuration.ts';
import {
  type DecodedConfiguration,
  decodeSchedulerConfiguration,
} from '../../../../src/planner/scheduler/profile/decode-configuration.ts';

const configuration = suite('scheduler configuration');

const HEADER = 'apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n';

function decode(yaml: string, enabled: (gate: string) => boolean = (gate) => gate !== 'StorageCapacityScoring') {
  return decodeSchedulerConfiguration(parse(HEADER + yaml), enabled);
}

function accepted(decoded: DecodedConfiguration): SchedulerConfiguration {
  if (!decoded.ok) throw new Error(decoded.error);
  return decoded.configuration;
}

/** Answers of kube-scheduler 1.36.3 to the same files. */
const REFUSED: readonly (readonly [what: string, yaml: string, error: string])[] = [
  [
    'a text for a number',
    'parallelism: abc',
    'json: cannot unmarshal string into Go struct field KubeSchedulerConfiguration.parallelism of type int32',
  ],
  [
    'a fraction for a whole number',
    'parallelism: 1.5',
    'json: cannot unmarshal number 1.5 into Go struct field KubeSchedulerConfiguration.parallelism of type int32',
  ],
  [
    'a number in a list of plugins',
    'profiles: [{plugins: {score: {enabled: [{name: ImageLocality, weight: abc}]}}}]',
    'json: cannot unmarshal string into Go struct field Plugin.profiles.plugins.score.enabled.weight of type int32',
  ],
  ['an unknown field', 'foo: 1', 'strict decoding error: unknown field "foo"'],
  [
    'unknown fields of profiles',
    'profiles: [{schedulerName: a, foo: 1, plugins: {bar: {}, score: {enabled: [{name: X, q: 1}]}}}]',
    'strict decoding error: unknown field "profiles[0].foo", unknown field "profiles[0].plugins.bar", unknown field "profiles[0].plugins.score.enabled[0].q"',
  ],
  [
    'unknown fields of arguments',
    'profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {foo: 1}}]}]',
    'strict decoding error: decoding .profiles[0].pluginConfig[0]: strict decoding error: decoding args for plugin NodeResourcesFit: strict decoding error: unknown field "foo"',
  ],
  [
    'arguments of another plugin',
    'profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {kind: InterPodAffinityArgs}}]}]',
    'decoding .profiles[0].pluginConfig[0]: args for plugin NodeResourcesFit were not of type NodeResourcesFitArgs.kubescheduler.config.k8s.io, got InterPodAffinityArgs.kubescheduler.config.k8s.io',
  ],
  [
    'numbers out of range',
    'percentageOfNodesToScore: 101\npodInitialBackoffSeconds: 0\npodMaxBackoffSeconds: -2\nprofiles: [{schedulerName: a}, {schedulerName: a}, {}]',
    '[profiles[1].schedulerName: Duplicate value: {}, profiles[2].schedulerName: Required value, percentageOfNodesToScore: Invalid value: 101: not in valid range [0-100], podInitialBackoffSeconds: Invalid value: 0: must be greater than 0, podMaxBackoffSeconds: Invalid value: -2: must be greater than or equal to PodInitialBackoffSeconds]',
  ],
  [
    'leader election that cannot work',
    'leaderElection: {resourceLock: endpoints, leaseDuration: 1s, renewDeadline: 2s}\nclientConnection: {burst: -1}',
    '[clientConnection.burst: Invalid value: -1: must be non-negative, leaderElection.leaseDuration: Invalid value: "2s": must be greater than `RenewDeadline`, leaderElection.resourceLock: Invalid value: "endpoints": resourceLock value must be "leases"]',
  ],
  [
    'plugins of earlier versions',
    'profiles: [{plugins: {filter: {enabled: [{name: EBSLimits}]}}, pluginConfig: [{name: GCEPDLimits}]}]',
    '[profiles[0].plugins.filter.enabled[0]: Invalid value: "EBSLimits": was invalid in version "v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1"), profiles[0].pluginConfig[0]: Invalid value: "GCEPDLimits": was invalid in version "v1" (KubeSchedulerConfiguration is version "kubescheduler.config.k8s.io/v1")]',
  ],
  [
    'a weight of inter-pod affinity out of range',
    'profiles: [{pluginConfig: [{name: InterPodAffinity, args: {hardPodAffinityWeight: 101}}]}]',
    'profiles[0].pluginConfig[0].args.hardPodAffinityWeight: Invalid value: 101: not in valid range [0, 100]',
  ],
  [
    'a shape without its gate',
    'profiles: [{pluginConfig: [{name: VolumeBinding, args: {shape: [{utilization: 1, score: 2}]}}]}]',
    'profiles[0].pluginConfig[0].args.shape: Invalid value: [{"Utilization":1,"Score":2}]: unexpected field `shape`, remove it or turn on the feature gate StorageCapacityScoring',
  ],
  [
    'a scoring strategy that does not exist',
    'profiles: [{pluginConfig: [{name: NodeResourcesFit, args: {scoringStrategy: {type: Foo}}}]}]',
    'initializing profiles: creating profile for scheduler name default-scheduler: initializing plugin "NodeResourcesFit": scoringStrategy.type: Unsupported value: "Foo": supported values: "LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"',
  ],
  [
    'a plugin that does not exist',
    'profiles: [{plugins: {multiPoint: {enabled: [{name: Foo}]}}}]',
    'initializing profiles: creating profile for scheduler name default-scheduler: PreFilterPlugin "Foo" does not exist',
  ],
  [
    'a plugin at the wrong point',
    'profiles: [{plugins: {score: {enabled: [{name: NodeName}]}}}]',
    'initializing profiles: creating profile for scheduler name default-scheduler: plugin "NodeName" does not extend ScorePlugin plugin',
  ],
  [
    'a plugin that is named twice',
    'profiles: [{plugins: {score: {enabled: [{name: ImageLocality}, {name: ImageLocality}]}}}]',
    'initializing profiles: creating profile for scheduler name default-scheduler: plugin "ImageLocality" already registered as "ScorePlugin"',
  ],
  [
    'no plugin that binds',
    "profiles: [{plugins: {bind: {disabled: [{name: '*'}]}}}]",
    'initializing profiles: creating profile for scheduler name default-scheduler: at least one bind plugin is needed for profile with scheduler name "default-scheduler"',
  ],
  [
    'different orders of the queue',
    "profiles: [{schedulerName: a, plugins: {queueSort: {enabled: [{name: PrioritySort}, {name: B}]}}}, {schedulerName: b, plugins: {queueSort: {disabled: [{name: '*'}], enabled: [{name: B}]}}}]",
    '[profiles[0].plugins.queueSort.Enabled: Invalid value: 2: only one queue sort plugin can be enabled, profiles[1].plugins.queueSort: Invalid value: {"Enabled":[{"Name":"B","Weight":0}],"Disabled":[{"Name":"*","Weight":0}]}: must be the same for all profiles]',
  ],
];

for (const [what, yaml, error] of REFUSED)
  configuration(`refuses ${what}`, () => {
    assert.equal(decode(yaml), { ok: false, error });
  });

configuration('fills in the defaults of an empty configuration', () => {
  const { percentageOfNodesToScore, podInitialBackoffSeconds, podMaxBackoffSeconds, profiles } = accepted(decode(''));
  assert.equal([percentageOfNodesToScore, podInitialBackoffSeconds, podMaxBackoffSeconds], [100, 1, 10]);
  assert.equal(
    profiles.map(({ schedulerName }) => schedulerName),
    ['default-scheduler'],
  );
});

configuration(
  'keeps default plugins in place, takes over weights and arguments, and lets a point name its own plugins',
  () => {
    const yaml = `
profiles:
- schedulerName: x
  percentageOfNodesToScore: 50
  plugins:
    score: {enabled: [{name: ImageLocality, weight: 7}], disabled: [{name: TaintToleration}]}
    filter: {disabled: [{name: '*'}], enabled: [{name: NodeName}, {name: NodeResourcesFit}]}
    multiPoint: {enabled: [{name: PodTopologySpread, weight: 3}]}
  pluginConfig:
  - {name: NodeResourcesFit, args: {scoringStrategy: {type: MostAllocated, resources: [{name: cpu}]}}}
`;
    const [profile] = accepted(decode(yaml)).profiles;
    const { plugins } = new StaticCluster([], { profile: profile! }).framework;
    assert.equal(
      plugins.filter.map(({ name }) => name),
      ['NodeName', 'NodeResourcesFit'],
    );
    assert.equal(
      plugins.score.map(({ plugin, weight }) => `${plugin.name} ${weight}`),
      [
        'ImageLocality 7',
        'NodeAffinity 2',
        'NodeResourcesFit 1',
        'PodTopologySpread 3',
        'InterPodAffinity 2',
        'DynamicResources 2',
        'NodeResourcesBalancedAllocation 1',
      ],
    );
    assert.equal(profile?.args.NodeResourcesFit.scoringStrategy, {
      type: 'MostAllocated',
      resources: [{ name: 'cpu', weight: 1 }],
    });
    assert.is(profile?.percentageOfNodesToScore, 50);
  },
);

configuration('leaves plugins out whose gate is off', () => {
  const [profile] = accepted(decode('', (gate) => gate !== 'NodeDeclaredFeatures')).profiles;
  assert.not.ok(profile?.plugins.multiPoint.enabled.some(({ name }) => name === 'NodeDeclaredFeatures'));
});

configuration('says which extender is not asked', () => {
  const decoded = decode('extenders: [{urlPrefix: "http://extender.example", filterVerb: filter}]');
  assert.equal(decoded.ok && decoded.notes, ['extenders[0]: the extender at http://extender.example is not asked']);
});

configuration.run();
