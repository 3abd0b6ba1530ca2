// The fields of a KubeSchedulerConfiguration and of the arguments of plugins.
// Behaviour: staging/src/k8s.io/kube-scheduler/config/v1/{types,types_pluginargs}.go, component-base/config/v1alpha1/types.go,
// Kubernetes v1.36.3.
import type { NodeAffinity, TopologySpreadConstraint } from '../../../schema/generated/types/core-v1.ts';
import type { ResourceSpec, UtilizationShapePoint } from '../plugins/node-resources-fit/scoring-strategy.ts';
import { EXTENSION_POINTS, type ExtensionPoint } from './extension-points.ts';
import {
  ANY,
  BOOL,
  DURATION,
  FLOAT32,
  type GoStructType,
  type GoType,
  INT32,
  INT64,
  listOf,
  mapOf,
  named,
  STRING,
  struct,
} from './go-struct.ts';

interface GivenPlugin {
  readonly name?: string;
  readonly weight?: number;
}

export interface GivenPluginSet {
  readonly enabled?: readonly GivenPlugin[];
  readonly disabled?: readonly GivenPlugin[];
}

type GivenPlugins = { readonly [Point in ExtensionPoint | 'multiPoint']?: GivenPluginSet };

export interface GivenPluginConfig {
  readonly name?: string;
  readonly args?: unknown;
}

export interface GivenProfile {
  readonly schedulerName?: string;
  readonly percentageOfNodesToScore?: number;
  readonly plugins?: GivenPlugins;
  readonly pluginConfig?: readonly GivenPluginConfig[];
}

export interface GivenExtender {
  readonly urlPrefix?: string;
  readonly prioritizeVerb?: string;
  readonly weight?: number;
  readonly bindVerb?: string;
  readonly managedResources?: readonly { readonly name?: string }[];
}

export interface GivenConfiguration {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly parallelism?: number;
  readonly leaderElection?: {
    readonly leaderElect?: boolean;
    readonly leaseDuration?: string;
    readonly renewDeadline?: string;
    readonly retryPeriod?: string;
    readonly resourceLock?: string;
  };
  readonly clientConnection?: { readonly burst?: number };
  readonly percentageOfNodesToScore?: number;
  readonly podInitialBackoffSeconds?: number;
  readonly podMaxBackoffSeconds?: number;
  readonly profiles?: readonly GivenProfile[];
  readonly extenders?: readonly GivenExtender[];
}

/** Arguments as they may be given, by plugin. */
export interface GivenArgs {
  readonly DefaultPreemption: {
    readonly minCandidateNodesPercentage?: number;
    readonly minCandidateNodesAbsolute?: number;
  };
  readonly DynamicResources: { readonly filterTimeout?: string; readonly bindingTimeout?: string };
  readonly InterPodAffinity: {
    readonly hardPodAffinityWeight?: number;
    readonly ignorePreferredTermsOfExistingPods?: boolean;
  };
  readonly NodeAffinity: { readonly addedAffinity?: NodeAffinity };
  readonly NodeResourcesBalancedAllocation: { readonly resources?: readonly GivenResource[] };
  readonly NodeResourcesFit: {
    readonly ignoredResources?: readonly string[];
    readonly ignoredResourceGroups?: readonly string[];
    readonly scoringStrategy?: {
      readonly type?: string;
      readonly resources?: readonly GivenResource[];
      readonly requestedToCapacityRatio?: { readonly shape?: readonly Partial<UtilizationShapePoint>[] };
    };
  };
  readonly PodTopologySpread: {
    readonly defaultConstraints?: readonly Partial<TopologySpreadConstraint>[];
    readonly defaultingType?: string;
  };
  readonly VolumeBinding: {
    readonly bindTimeoutSeconds?: number;
    readonly shape?: readonly Partial<UtilizationShapePoint>[];
  };
}

type GivenResource = Partial<ResourceSpec>;

const TYPE_META = { apiVersion: STRING, kind: STRING };

const PLUGIN = struct('v1.Plugin', { name: STRING, weight: INT32 });
const PLUGIN_SET = struct('v1.PluginSet', { enabled: listOf(PLUGIN), disabled: listOf(PLUGIN) });

const PLUGINS = struct(
  'v1.Plugins',
  Object.fromEntries([...EXTENSION_POINTS, 'multiPoint'].map((point) => [point, PLUGIN_SET])),
);

const PROFILE = struct('v1.KubeSchedulerProfile', {
  schedulerName: STRING,
  percentageOfNodesToScore: INT32,
  plugins: PLUGINS,
  pluginConfig: listOf(struct('v1.PluginConfig', { name: STRING, args: ANY })),
});

const EXTENDER = struct('v1.Extender', {
  urlPrefix: STRING,
  filterVerb: STRING,
  preemptVerb: STRING,
  prioritizeVerb: STRING,
  weight: INT64,
  bindVerb: STRING,
  enableHTTPS: BOOL,
  tlsConfig: struct('v1.ExtenderTLSConfig', {
    insecure: BOOL,
    serverName: STRING,
    certFile: STRING,
    keyFile: STRING,
    caFile: STRING,
    certData: named('[]uint8'),
    keyData: named('[]uint8'),
    caData: named('[]uint8'),
  }),
  httpTimeout: DURATION,
  nodeCacheCapable: BOOL,
  managedResources: listOf(struct('v1.ExtenderManagedResource', { name: STRING, ignoredByScheduler: BOOL })),
  ignorable: BOOL,
});

export const CONFIGURATION = struct('v1.KubeSchedulerConfiguration', {
  ...TYPE_META,
  parallelism: INT32,
  leaderElection: struct('v1alpha1.LeaderElectionConfiguration', {
    leaderElect: BOOL,
    leaseDuration: DURATION,
    renewDeadline: DURATION,
    retryPeriod: DURATION,
    resourceLock: STRING,
    resourceName: STRING,
    resourceNamespace: STRING,
  }),
  clientConnection: struct('v1alpha1.ClientConnectionConfiguration', {
    kubeconfig: STRING,
    acceptContentTypes: STRING,
    contentType: STRING,
    qps: FLOAT32,
    burst: INT32,
  }),
  enableProfiling: BOOL,
  enableContentionProfiling: BOOL,
  percentageOfNodesToScore: INT32,
  podInitialBackoffSeconds: INT64,
  podMaxBackoffSeconds: INT64,
  profiles: listOf(PROFILE),
  extenders: listOf(EXTENDER),
  delayCacheUntilActive: BOOL,
});

const RESOURCES = listOf(struct('v1.ResourceSpec', { name: STRING, weight: INT64 }));
const SHAPE = listOf(struct('v1.UtilizationShapePoint', { utilization: INT32, score: INT32 }));

const NODE_REQUIREMENTS = listOf(
  struct('v1.NodeSelectorRequirement', {
    key: STRING,
    operator: named('v1.NodeSelectorOperator'),
    values: listOf(STRING),
  }),
);
const NODE_TERM = struct('v1.NodeSelectorTerm', {
  matchExpressions: NODE_REQUIREMENTS,
  matchFields: NODE_REQUIREMENTS,
});

const LABEL_SELECTOR = struct('v1.LabelSelector', {
  matchLabels: mapOf(STRING),
  matchExpressions: listOf(
    struct('v1.LabelSelectorRequirement', {
      key: STRING,
      operator: named('v1.LabelSelectorOperator'),
      values: listOf(STRING),
    }),
  ),
});

export const ARGS: Readonly<Record<keyof GivenArgs, GoStructType>> = {
  DefaultPreemption: args('DefaultPreemption', {
    minCandidateNodesPercentage: INT32,
    minCandidateNodesAbsolute: INT32,
  }),
  DynamicResources: args('DynamicResources', { filterTimeout: DURATION, bindingTimeout: DURATION }),
  InterPodAffinity: args('InterPodAffinity', {
    hardPodAffinityWeight: INT32,
    ignorePreferredTermsOfExistingPods: BOOL,
  }),
  NodeAffinity: args('NodeAffinity', {
    addedAffinity: struct('v1.NodeAffinity', {
      requiredDuringSchedulingIgnoredDuringExecution: struct('v1.NodeSelector', {
        nodeSelectorTerms: listOf(NODE_TERM),
      }),
      preferredDuringSchedulingIgnoredDuringExecution: listOf(
        struct('v1.PreferredSchedulingTerm', { weight: INT32, preference: NODE_TERM }),
      ),
    }),
  }),
  NodeResourcesBalancedAllocation: args('NodeResourcesBalancedAllocation', { resources: RESOURCES }),
  NodeResourcesFit: args('NodeResourcesFit', {
    ignoredResources: listOf(STRING),
    ignoredResourceGroups: listOf(STRING),
    scoringStrategy: struct('v1.ScoringStrategy', {
      type: named('v1.ScoringStrategyType'),
      resources: RESOURCES,
      requestedToCapacityRatio: struct('v1.RequestedToCapacityRatioParam', { shape: SHAPE }),
    }),
  }),
  PodTopologySpread: args('PodTopologySpread', {
    defaultConstraints: listOf(
      struct('v1.TopologySpreadConstraint', {
        maxSkew: INT32,
        topologyKey: STRING,
        whenUnsatisfiable: named('v1.UnsatisfiableConstraintAction'),
        labelSelector: LABEL_SELECTOR,
        minDomains: INT32,
        nodeAffinityPolicy: named('v1.NodeInclusionPolicy'),
        nodeTaintsPolicy: named('v1.NodeInclusionPolicy'),
        matchLabelKeys: listOf(STRING),
      }),
    ),
    defaultingType: named('v1.PodTopologySpreadConstraintsDefaulting'),
  }),
  VolumeBinding: args('VolumeBinding', { bindTimeoutSeconds: INT64, shape: SHAPE }),
};

function args(plugin: string, fields: Readonly<Record<string, GoType>>): GoStructType {
  return struct(`v1.${plugin}Args`, { ...TYPE_META, ...fields });
}
