// `kubectl create deployment|job|cronjob`.
// Behaviour: staging/src/k8s.io/kubectl/pkg/cmd/create/create_{deployment,job,cronjob}.go, Kubernetes v1.36.3.
// Differs: the suffix of a container name with dots or underscores follows from the name; kubectl draws it.
import { fnv32a, safeEncodeString } from '../../../../apimachinery/hash.ts';
import { isMap, type JsonMap } from '../../../../apimachinery/json.ts';
import { KubectlError } from '../../outcome.ts';
import { selectObjects } from '../../select-objects.ts';
import { integerFlag } from '../scale.ts';
import { CREATE_FLAGS } from './create-flags.ts';
import { type Generator, type GeneratorInput, sliceFlag } from './generator.ts';

const ERR_IMAGES_AND_COMMAND = 'cannot specify multiple --image options and command';
const ERR_IMAGE_OR_FROM = 'either --image or --from must be specified';

export const deployment: Generator = {
  flags: CREATE_FLAGS.deployment,
  required: ['image'],
  failure: 'failed to create deployment: ',
  build({ given, name, rest }) {
    const images = sliceFlag(given, 'image');
    if (images.length > 1 && rest.length > 0) throw new KubectlError(ERR_IMAGES_AND_COMMAND);
    const labels = { app: name };
    const port = integerFlag(given, 'port', -1);
    const containers = images.map((image, i) => ({
      name: containerName(image),
      image,
      ...(rest.length > 0 ? { command: rest } : {}),
      ...(i === 0 && port >= 0 ? { ports: [{ containerPort: port }] } : {}),
    }));
    return {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, labels },
      spec: {
        replicas: integerFlag(given, 'replicas', 1),
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    };
  },
};

function containerName(image: string): string {
  const [name = ''] = (image.split('/').at(-1) ?? '').split(/[:@]/);
  if (!/[_.]/.test(name)) return name;
  const suffix = safeEncodeString(String(fnv32a(image)).padStart(5, '0')).slice(0, 5);
  return `${name.replace(/[_.]/g, '-')}-${suffix}`;
}

export const job: Generator = {
  flags: CREATE_FLAGS.job,
  failure: 'failed to create job: ',
  build(input) {
    const { given, name, rest } = input;
    const image = given.value('image') ?? '';
    const from = given.value('from') ?? '';
    if ((image === '') === (from === '')) throw new KubectlError(ERR_IMAGE_OR_FROM);
    if (from !== '') {
      if (rest.length > 0) throw new KubectlError('cannot specify --from and command');
      return jobFrom(from, input);
    }
    return {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name },
      spec: { template: podTemplate(name, image, rest, 'Never') },
    };
  },
};

function podTemplate(name: string, image: string, command: readonly string[], restartPolicy: string): JsonMap {
  return { spec: { containers: [{ name, image, ...(command.length > 0 ? { command } : {}) }], restartPolicy } };
}

function jobFrom(from: string, { context, given, name }: GeneratorInput): JsonMap {
  const { found, errors } = selectObjects(context.view, {
    words: [from],
    namespace: given.value('namespace') ?? 'default',
    allNamespaces: false,
    labelSelector: '',
    fieldSelector: '',
  });
  if (errors[0]) throw errors[0];
  const [one] = found;
  if (!one || found.length !== 1) throw new KubectlError('from must be an existing cronjob');
  const { resource, object } = one;
  if (resource.kind !== 'CronJob') throw new KubectlError(`unknown object type *${resource.version}.${resource.kind}`);
  const { spec } = object as unknown as JsonMap;
  const template = isMap(spec) && isMap(spec['jobTemplate']) ? spec['jobTemplate'] : {};
  const metadata = isMap(template['metadata']) ? template['metadata'] : {};
  const annotations = isMap(metadata['annotations']) ? metadata['annotations'] : {};
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: object.metadata.name ?? '',
    uid: object.metadata.uid ?? '',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual', ...annotations },
      ...(isMap(metadata['labels']) ? { labels: metadata['labels'] } : {}),
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: template['spec'] ?? {},
  };
}

export const cronJob: Generator = {
  flags: CREATE_FLAGS.cronJob,
  required: ['image', 'schedule'],
  failure: 'failed to create cronjob: ',
  build({ given, name, rest }) {
    const restart = given.value('restart') || 'OnFailure';
    return {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name },
      spec: {
        schedule: given.value('schedule') ?? '',
        jobTemplate: {
          metadata: { name },
          spec: { template: podTemplate(name, given.value('image') ?? '', rest, restart) },
        },
      },
    };
  },
};
