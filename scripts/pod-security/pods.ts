// Pods that keep or break each pod security rule in some way: one minimal pod, changed once or several times over.

type Json = Readonly<Record<string, unknown>>;

/** A change to a pod: of its spec, of one of its containers, or of its annotations. */
interface Change {
  readonly spec?: Json;
  readonly podContext?: Json;
  readonly container?: Json;
  readonly containerContext?: Json;
  readonly annotations?: Readonly<Record<string, string>>;
}

const PLACES = ['containers', 'initContainers', 'ephemeralContainers'] as const;
type Place = (typeof PLACES)[number];

const VOLUME_SOURCES = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'fc',
  'flexVolume',
  'flocker',
  'gcePersistentDisk',
  'gitRepo',
  'glusterfs',
  'hostPath',
  'image',
  'iscsi',
  'nfs',
  'persistentVolumeClaim',
  'photonPersistentDisk',
  'portworxVolume',
  'projected',
  'quobyte',
  'rbd',
  'scaleIO',
  'secret',
  'storageos',
  'vsphereVolume',
];
const SYSCTLS = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_rmem',
  'kernel.msgmax',
];
const CAPABILITIES = ['NET_BIND_SERVICE', 'NET_ADMIN', 'CHOWN', 'SYS_TIME', 'ALL'];
const handler = { httpGet: { port: 80, host: 'example.com' } };

const CHANGES: readonly Change[] = [
  {},
  ...['hostNetwork', 'hostPID', 'hostIPC'].map((field) => ({ spec: { [field]: true } })),
  { spec: { hostNetwork: true, hostIPC: true } },
  ...[true, false].map((hostUsers) => ({ spec: { hostUsers } })),
  ...['linux', 'windows'].map((name) => ({ spec: { os: { name } } })),
  ...VOLUME_SOURCES.map((source) => ({ spec: { volumes: [{ name: 'v', [source]: {} }] } })),
  { spec: { volumes: [{ name: 'v' }] } },
  {
    spec: {
      volumes: [
        { name: 'a', hostPath: { path: '/a' } },
        { name: 'b', nfs: {} },
        { name: 'c', hostPath: { path: '/c' } },
      ],
    },
  },
  ...SYSCTLS.map((name) => ({ podContext: { sysctls: [{ name, value: '1' }] } })),
  { podContext: { sysctls: SYSCTLS.map((name) => ({ name, value: '1' })) } },
  ...['podContext', 'containerContext'].flatMap((context) =>
    [
      ...['', 'container_t', 'container_engine_t', 'spc_t'].map((type) => ({ seLinuxOptions: { type } })),
      { seLinuxOptions: { user: 'u' } },
      { seLinuxOptions: { role: 'r', type: 'spc_t' } },
      { seLinuxOptions: { user: 'u', role: 'r', type: 'other_t' } },
      ...['RuntimeDefault', 'Localhost', 'Unconfined'].map((type) => ({ seccompProfile: { type } })),
      ...['RuntimeDefault', 'Localhost', 'Unconfined'].map((type) => ({ appArmorProfile: { type } })),
      { runAsNonRoot: true },
      { runAsNonRoot: false },
      { runAsNonRoot: undefined },
      { seccompProfile: undefined },
      { runAsUser: 0 },
      { runAsUser: 1000 },
      { windowsOptions: { hostProcess: true } },
      { windowsOptions: { hostProcess: false } },
    ].map((value) => ({ [context]: value })),
  ),
  ...[true, false].map((privileged) => ({ containerContext: { privileged } })),
  ...[true, undefined].map((allowPrivilegeEscalation) => ({ containerContext: { allowPrivilegeEscalation } })),
  ...['Default', 'Unmasked', 'Other'].map((procMount) => ({ containerContext: { procMount } })),
  ...CAPABILITIES.map((name) => ({ containerContext: { capabilities: { drop: ['ALL'], add: [name] } } })),
  { containerContext: { capabilities: { add: CAPABILITIES } } },
  { containerContext: { capabilities: { drop: ['CHOWN'] } } },
  { containerContext: { capabilities: undefined } },
  { container: { ports: [{ containerPort: 80, hostPort: 80 }] } },
  {
    container: {
      ports: [{ containerPort: 80 }, { containerPort: 90, hostPort: 9090 }, { containerPort: 91, hostPort: 443 }],
    },
  },
  ...['livenessProbe', 'readinessProbe', 'startupProbe'].map((probe) => ({ container: { [probe]: handler } })),
  ...['postStart', 'preStop'].map((event) => ({ container: { lifecycle: { [event]: handler } } })),
  { container: { livenessProbe: { tcpSocket: { port: 1, host: 'b' } }, lifecycle: { preStop: handler } } },
  { container: { livenessProbe: { httpGet: { port: 1 } } } },
  ...['runtime/default', 'localhost/x', 'unconfined', ''].map((value) => ({
    annotations: { 'container.apparmor.security.beta.kubernetes.io/main': value },
  })),
  ...['runtime/default', 'docker/default', 'localhost/x', 'unconfined', 'say "no"'].map((value) => ({
    annotations: {
      'seccomp.security.alpha.kubernetes.io/pod': value,
      'container.seccomp.security.alpha.kubernetes.io/init': value,
    },
  })),
];

function basePod(): Json {
  const container = {
    image: 'image',
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'pod' },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      initContainers: [{ name: 'init', ...container }],
      containers: [
        { name: 'main', ...container },
        { name: 'side', ...container },
      ],
      ephemeralContainers: [{ name: 'debug', ...container }],
    },
  };
}

function changed(
  pod: Json,
  { spec, podContext, container, containerContext, annotations }: Change,
  place: Place,
): Json {
  const metadata = pod['metadata'] as Json;
  const old = pod['spec'] as Json & Record<Place, readonly Json[]>;
  const [first, ...others] = old[place];
  const merged = (value: unknown, change: Json | undefined): Json => ({ ...(value as Json), ...change });
  return {
    ...pod,
    metadata: annotations ? { ...metadata, annotations: merged(metadata['annotations'], annotations) } : metadata,
    spec: {
      ...old,
      ...spec,
      securityContext: merged(old['securityContext'], podContext),
      [place]: [
        { ...first, ...container, securityContext: merged(first?.['securityContext'], containerContext) },
        ...others,
      ],
    },
  };
}

/** Always the same pods, in the same order; `combined` of them take several changes at once. */
export function samplePods(combined: number): readonly Json[] {
  const pods: Json[] = [];
  for (const change of CHANGES) {
    const places = change.container || change.containerContext ? PLACES : (['containers'] as const);
    for (const place of places) pods.push(changed(basePod(), change, place));
  }
  let seed = 1;
  const below = (limit: number): number => {
    seed = (seed * 48271) % 2147483647;
    return seed % limit;
  };
  for (let i = 0; i < combined; i++) {
    let pod = basePod();
    for (let n = below(5) + 2; n > 0; n--)
      pod = changed(pod, CHANGES[below(CHANGES.length)]!, PLACES[below(PLACES.length)]!);
    pods.push(pod);
  }
  return pods;
}
