// What the API server refuses in a pod's spec, in which words.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { causesOf, type Json, PodServer, podDraft, withContainer } from '../../pod/pod-server.ts';

const server = new PodServer();

interface Refusal {
  readonly name: string;
  readonly spec: Json;
  readonly metadata?: Json;
  readonly causes: readonly string[];
}

const container = (name: string, fields: Json = {}) => ({ name, image: 'nginx:1', ...fields });
const withVolume = (source: Json) => ({ volumes: [{ name: 'data', ...source }] });
const withVariable = (variable: Json) => withContainer({ env: [{ name: 'A', ...variable }] });
const C = 'spec.containers[0]';
const V = 'spec.volumes[0]';
const NO_LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const NO_SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const NO_NAME_PART =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function refusals(name: string, cases: readonly Refusal[]): void {
  const table = suite(name);
  for (const { name, spec, metadata, causes } of cases) {
    table(name, () => {
      assert.equal(causesOf(server.create(podDraft(spec, metadata))), causes);
    });
  }
  table.run();
}

refusals('pod spec validation: the pod as a whole', [
  {
    name: 'a pod has containers',
    spec: { containers: [] },
    causes: ['spec.containers: Required value'],
  },
  {
    name: 'two containers, even of different lists, have different names',
    spec: { containers: [container('a'), container('b')], initContainers: [container('a')] },
    causes: ['spec.initContainers[0].name: Duplicate value: "a"'],
  },
  {
    name: 'only known restart and DNS policies',
    spec: { restartPolicy: 'Sometimes', dnsPolicy: 'Mine' },
    causes: [
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"',
      'spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"',
    ],
  },
  {
    name: 'DNS policy None needs a name server',
    spec: { dnsPolicy: 'None' },
    causes: ['spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None'],
  },
  {
    name: 'a deadline is a positive number',
    spec: { activeDeadlineSeconds: 0 },
    causes: ['spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'],
  },
  {
    name: 'names of hosts, nodes and accounts have their formats',
    spec: { hostname: 'Web', subdomain: 'a.b', nodeName: 'n_1', serviceAccountName: 'a/b' },
    causes: [
      `spec.serviceAccountName: Invalid value: "a/b": ${NO_SUBDOMAIN}`,
      `spec.nodeName: Invalid value: "n_1": ${NO_SUBDOMAIN}`,
      `spec.hostname: Invalid value: "Web": ${NO_LABEL}`,
      'spec.subdomain: Invalid value: "a.b": must not contain dots',
    ],
  },
  {
    name: 'a gated pod has no node',
    spec: { schedulingGates: [{ name: 'example.com/later' }], nodeName: 'n1' },
    causes: ['spec.nodeName: Forbidden: cannot be set until all schedulingGates have been cleared'],
  },
  {
    name: 'a pod on the host network exposes its ports there, each once',
    spec: {
      hostNetwork: true,
      containers: [
        container('a', { ports: [{ containerPort: 80, hostPort: 8080 }] }),
        container('b', { ports: [{ containerPort: 80 }] }),
        container('c', { ports: [{ containerPort: 80 }] }),
      ],
    },
    causes: [
      'spec.containers[2].ports[0].hostPort: Duplicate value: "TCP//80"',
      'spec.containers[0].ports[0].hostPort: Invalid value: 8080: must match `containerPort` when `hostNetwork` is true',
    ],
  },
  {
    name: 'annotations of the deletion cost are numbers',
    metadata: { annotations: { 'controller.kubernetes.io/pod-deletion-cost': '+1' } },
    spec: {},
    causes: [
      'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+1": must be a 32bit integer',
    ],
  },
  {
    name: 'a pod that says it runs on Windows sets no Linux options',
    spec: { os: { name: 'windows' }, hostPID: true, securityContext: { runAsUser: 1, fsGroup: 2 } },
    causes: [
      'spec.hostPID: Forbidden: cannot be set for a windows pod',
      'spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod',
      'spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod',
    ],
  },
]);

refusals('pod spec validation: containers', [
  {
    name: 'an image has no space around it',
    spec: withContainer({ image: ' nginx' }),
    causes: [`${C}.image: Invalid value: " nginx": must not have leading or trailing whitespace`],
  },
  {
    name: 'a container has an image and a pull policy that exists',
    spec: withContainer({ image: '', imagePullPolicy: 'Maybe' }),
    causes: [
      `${C}.image: Required value`,
      `${C}.imagePullPolicy: Unsupported value: "Maybe": supported values: "Always", "IfNotPresent", "Never"`,
    ],
  },
  {
    name: 'ports have numbers, protocols, and names of their own',
    spec: withContainer({
      ports: [
        { name: 'http', containerPort: 80, protocol: 'tcp' },
        { name: 'http', containerPort: 0, hostPort: 70000 },
      ],
    }),
    causes: [
      `${C}.ports[0].protocol: Unsupported value: "tcp": supported values: "SCTP", "TCP", "UDP"`,
      `${C}.ports[1].name: Duplicate value: "http"`,
      `${C}.ports[1].containerPort: Required value`,
      `${C}.ports[1].hostPort: Invalid value: 70000: must be between 1 and 65535, inclusive`,
    ],
  },
  {
    name: 'a container keeps within its limits',
    spec: withContainer({ resources: { requests: { cpu: '2', memory: '1' }, limits: { cpu: '1' } } }),
    causes: [`${C}.resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`],
  },
  {
    name: 'huge pages and extended resources are requested as they are limited',
    spec: withContainer({
      resources: {
        requests: { 'hugepages-2Mi': '2Mi', 'example.com/gpu': '1' },
        limits: { 'hugepages-2Mi': '4Mi', 'example.com/gpu': '1500m' },
      },
    }),
    causes: [
      `${C}.resources.limits[example.com/gpu]: Invalid value: "1500m": must be an integer`,
      `${C}.resources.requests: Invalid value: "1": must be equal to example.com/gpu limit of 1500m`,
      `${C}.resources.requests: Invalid value: "2Mi": must be equal to hugepages-2Mi limit of 4Mi`,
      `${C}.resources: Forbidden: HugePages require cpu or memory`,
    ],
  },
  {
    name: 'a variable says its value once, in a way that exists',
    spec: withContainer({
      env: [
        { name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
        { name: 'B', valueFrom: {} },
        { name: 'C', valueFrom: { fieldRef: { fieldPath: 'metadata.mood' } } },
        { name: 'D=', value: '' },
      ],
    }),
    causes: [
      `${C}.env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
      `${C}.env[1].valueFrom: Invalid value: "": must specify one of: \`fieldRef\`, \`resourceFieldRef\`, \`configMapKeyRef\`, \`secretKeyRef\` or \`fileKeyRef\``,
      `${C}.env[2].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.mood": error converting fieldPath: field label not supported: metadata.mood`,
      `${C}.env[3].name: Invalid value: "D=": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ],
  },
  {
    name: 'a key of a config map is a file name',
    spec: withVariable({ valueFrom: { configMapKeyRef: { name: 'a', key: '..' } } }),
    causes: [`${C}.env[0].valueFrom.configMapKeyRef.key: Invalid value: "..": must not be '..'`],
  },
  {
    name: 'a probe has one handler and numbers that make sense',
    spec: withContainer({
      readinessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 0 }, periodSeconds: -1 },
      livenessProbe: { httpGet: { port: 'http', path: '' }, successThreshold: 2 },
    }),
    causes: [
      `${C}.livenessProbe.successThreshold: Invalid value: 2: must be 1`,
      `${C}.readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type`,
      `${C}.readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0`,
    ],
  },
  {
    name: 'an init container has no probes and no lifecycle, a sidecar may',
    spec: {
      initContainers: [
        container('once', {
          readinessProbe: { exec: { command: ['a'] } },
          lifecycle: { preStop: { exec: { command: ['a'] } } },
        }),
        container('sidecar', { restartPolicy: 'Always', readinessProbe: { exec: { command: ['a'] } } }),
      ],
    },
    causes: [
      'spec.initContainers[0].lifecycle: Forbidden: may not be set for init containers without restartPolicy=Always',
      'spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
  },
  {
    name: 'ephemeral containers come later',
    spec: { ephemeralContainers: [{ name: 'debug', image: 'busybox' }] },
    causes: ['spec.ephemeralContainers: Forbidden: cannot be set on create'],
  },
  {
    name: 'a privileged container escalates privileges',
    spec: withContainer({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    causes: [
      `${C}.securityContext: Invalid value: {"Capabilities":null,"Privileged":true,"SELinuxOptions":null,"WindowsOptions":null,"RunAsUser":null,"RunAsGroup":null,"RunAsNonRoot":null,"ReadOnlyRootFilesystem":null,"AllowPrivilegeEscalation":false,"ProcMount":null,"SeccompProfile":null,"AppArmorProfile":null}: cannot set \`allowPrivilegeEscalation\` to false and \`privileged\` to true`,
    ],
  },
]);

refusals('pod spec validation: volumes', [
  {
    name: 'a volume has exactly one source',
    spec: {
      volumes: [
        { name: 'two', emptyDir: {}, hostPath: { path: '/data' } },
        { name: 'Three', emptyDir: {} },
        { name: 'four', secret: {} },
      ],
    },
    causes: [
      `${V}.hostPath: Forbidden: may not specify more than 1 volume type`,
      `spec.volumes[1].name: Invalid value: "Three": ${NO_LABEL}`,
      'spec.volumes[2].secret.secretName: Required value',
    ],
  },
  {
    name: 'a mount names a volume and a path of its own',
    spec: {
      ...withVolume({ emptyDir: {} }),
      ...withContainer({
        volumeMounts: [
          { name: 'data', mountPath: '/a', subPath: '../b' },
          { name: 'other', mountPath: '/a' },
        ],
      }),
    },
    causes: [
      `${C}.volumeMounts.subPath: Invalid value: "../b": must not contain '..'`,
      `${C}.volumeMounts[1].name: Not found: "other"`,
      `${C}.volumeMounts[1].mountPath: Invalid value: "/a": must be unique`,
    ],
  },
  {
    name: 'a claim is a block device or a file system, not both',
    spec: {
      ...withVolume({ persistentVolumeClaim: { claimName: 'data' } }),
      ...withContainer({
        volumeMounts: [{ name: 'data', mountPath: '/a' }],
        volumeDevices: [{ name: 'data', devicePath: '/dev/a' }],
      }),
    },
    causes: [
      `${C}.volumeMounts[0].name: Invalid value: "data": must not already exist in volumeDevices`,
      `${C}.volumeDevices[0].name: Invalid value: "data": must not already exist in volumeMounts`,
    ],
  },
  {
    name: 'projected sources do not write one path twice; a token is of an account',
    spec: withVolume({
      projected: {
        sources: [
          { secret: { name: 'a', items: [{ key: 'k', path: 'x' }] } },
          { configMap: { name: 'b', items: [{ key: 'k', path: 'x' }] } },
          { serviceAccountToken: { path: 'y' } },
        ],
      },
    }),
    causes: [
      `${V}.projected: Invalid value: "b": conflicting duplicate paths`,
      `${V}.projected.sources[2].serviceAccountToken: Forbidden: must not be specified when serviceAccountName is not set`,
    ],
  },
  {
    name: 'a size limit is not negative',
    spec: withVolume({ emptyDir: { sizeLimit: '-1' } }),
    causes: [`${V}.emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity`],
  },
]);

refusals('pod spec validation: scheduling', [
  {
    name: 'node selector terms use known operators rightly',
    spec: {
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [
              {
                matchExpressions: [
                  { key: 'a', operator: 'In' },
                  { key: 'b', operator: 'Exists', values: ['x'] },
                  { key: 'c', operator: 'Gt', values: ['1', '2'] },
                  { key: 'd', operator: 'Like' },
                ],
              },
            ],
          },
        },
      },
    },
    causes: [
      ...[
        "[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
        "[1].values: Forbidden: may not be specified when `operator` is 'Exists' or 'DoesNotExist'",
        "[2].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
        '[3].operator: Invalid value: "Like": not a valid selector operator',
      ].map(
        (cause) =>
          `spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions${cause}`,
      ),
    ],
  },
  {
    name: 'a pod affinity term has a topology, and keys that the selector does not use',
    spec: {
      affinity: {
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { weight: 101, podAffinityTerm: { topologyKey: '', matchLabelKeys: ['app'] } },
          ],
        },
      },
    },
    causes: [
      '.weight: Invalid value: 101: must be in the range 1-100',
      '.podAffinityTerm.matchLabelKeys: Forbidden: must not be specified when labelSelector is not set',
      '.podAffinityTerm.topologyKey: Required value: can not be empty',
      '.podAffinityTerm.topologyKey: Invalid value: "": name part must be non-empty',
      `.podAffinityTerm.topologyKey: Invalid value: "": ${NO_NAME_PART}`,
    ].map((cause) => `spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution[0]${cause}`),
  },
  {
    name: 'a spread constraint has a skew, a topology and what to do',
    spec: { topologySpreadConstraints: [{ maxSkew: 0, topologyKey: '', whenUnsatisfiable: 'Panic', minDomains: 2 }] },
    causes: [
      'spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero',
      'spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty',
      'spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Panic": supported values: "DoNotSchedule", "ScheduleAnyway"',
      'spec.topologySpreadConstraints[0].minDomains: Invalid value: 2: can only use minDomains if whenUnsatisfiable=DoNotSchedule, not Panic',
    ],
  },
  {
    name: 'a toleration without a key tolerates everything; only NoExecute waits',
    spec: { tolerations: [{ operator: 'Equal' }, { key: 'a', operator: 'Exists', value: 'b', tolerationSeconds: 1 }] },
    causes: [
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
      'spec.tolerations[1].effect: Invalid value: "": effect must be \'NoExecute\' when `tolerationSeconds` is set',
      'spec.tolerations[1].operator: Invalid value: "b": value must be empty when `operator` is \'Exists\'',
    ],
  },
  {
    name: 'scheduling gates are qualified names, each once',
    spec: { schedulingGates: [{ name: 'a' }, { name: 'a' }, { name: '' }] },
    causes: [
      'spec.schedulingGates[1]: Duplicate value: "a"',
      'spec.schedulingGates[2]: Invalid value: "": name part must be non-empty',
      `spec.schedulingGates[2]: Invalid value: "": ${NO_NAME_PART}`,
    ],
  },
]);
