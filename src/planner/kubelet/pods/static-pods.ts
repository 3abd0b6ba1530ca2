// Shows the pods that a node runs from files of its own, as mirror pods.
// Behaviour: pkg/kubelet/config/common.go (applyDefaults), pkg/kubelet/pod/mirror_client.go, Kubernetes v1.36.3.
// Differs: the hash is of the manifest's text here, so mirror pods of a real cluster have another one.
import { fnv128a } from '../../../apimachinery/hash.ts';
import { CONFIG_MIRROR, CONFIG_SOURCE } from '../../../apimachinery/well-known/annotations.ts';
import type { Node, Pod } from '../../../schema/generated/types/core-v1.ts';
import { type ControllerFactory, watchSelf } from '../../engine/controller.ts';
import { type KubeletOptions, settingsOf } from '../settings.ts';

const HASH = 'kubernetes.io/config.hash';
const SEEN = 'kubernetes.io/config.seen';

export const staticPods: ControllerFactory<KubeletOptions> = (options) => {
  const { staticPodsOf } = settingsOf(options);
  return {
    name: 'kubelet',
    watches: staticPodsOf
      ? [
          watchSelf('nodes'),
          {
            resource: 'pods',
            keys: ({ type, object }) => {
              const pod = object as Pod;
              const isMirror = pod.metadata.annotations?.[CONFIG_MIRROR] !== undefined;
              return type === 'DELETED' && isMirror && pod.spec.nodeName ? [pod.spec.nodeName] : [];
            },
          },
        ]
      : [],
    sync(name, { client, reader, now }) {
      const node = reader.get<Node>('nodes', undefined, name);
      if (!node) return undefined;
      for (const manifest of staticPodsOf?.(node) ?? []) {
        const pod = mirrorPod(manifest, node, new Date(now).toISOString());
        if (!reader.get('pods', pod.metadata.namespace, pod.metadata.name ?? '')) client.create('pods', pod);
      }
      return undefined;
    },
  };
};

/** The API's view of a pod that a node runs by itself. */
function mirrorPod(manifest: Pod, { metadata: { name = '', uid = '' } }: Node, seen: string): Pod {
  const { metadata, spec, ...rest } = manifest;
  const hash = fnv128a(`${JSON.stringify(manifest)} host:${name}`)
    .toString(16)
    .padStart(32, '0');
  const tolerations = [...(spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }];
  return {
    ...rest,
    metadata: {
      ...metadata,
      name: `${metadata.name}-${name.toLowerCase()}`,
      namespace: metadata.namespace ?? 'default',
      annotations: {
        ...metadata.annotations,
        [HASH]: hash,
        [CONFIG_SOURCE]: 'file',
        [SEEN]: seen,
        [CONFIG_MIRROR]: hash,
      },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name, uid, controller: true }],
    },
    spec: { ...spec, nodeName: name, tolerations },
  };
}
