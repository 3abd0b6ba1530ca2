import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { serviceAccount } from '../../../src/apiserver/admission/service-account/service-account.ts';
import { ask, makePod } from './ask.ts';

const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const MOUNT = { name: 'kube-api-access-0bcdf', readOnly: true, mountPath: MOUNT_PATH };

function makeAccount(name: string, fields: Readonly<Record<string, unknown>> = {}, annotations = {}) {
  return { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, annotations }, ...fields };
}

const mounting = suite('ServiceAccount: account, token and pull secrets');

mounting('a pod without an account gets the default one and its token', () => {
  const { object } = ask(serviceAccount, { object: makePod(), state: [makeAccount('default')] });
  assert.is(object.spec['serviceAccountName'], 'default');
  assert.is(object.spec['serviceAccount'], 'default');
  const [container] = object.spec['containers'] as { volumeMounts: unknown }[];
  assert.equal(container?.volumeMounts, [MOUNT]);
  const [volume] = object.spec['volumes'] as { name: string; projected: { sources: unknown[]; defaultMode: number } }[];
  assert.is(volume?.name, MOUNT.name);
  assert.is(volume?.projected.defaultMode, 420);
  assert.equal(volume?.projected.sources[0], { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } });
});

mounting('the token volume comes after the others, its mount too, in init containers as well', () => {
  const container = { name: 'c', resources: {}, volumeMounts: [{ name: 'a', mountPath: '/a' }] };
  const { object } = ask(serviceAccount, {
    object: makePod({ containers: [container], initContainers: [container], volumes: [{ name: 'a' }] }),
    state: [makeAccount('default')],
  });
  for (const list of ['containers', 'initContainers'])
    assert.equal((object.spec[list] as (typeof container)[])[0]?.volumeMounts, [{ name: 'a', mountPath: '/a' }, MOUNT]);
  assert.equal(
    (object.spec['volumes'] as { name: string }[]).map(({ name }) => name),
    ['a', MOUNT.name],
  );
});

mounting('a token volume of the pod is used again', () => {
  const { object } = ask(serviceAccount, {
    object: makePod({ volumes: [{ name: 'kube-api-access-mine' }] }),
    state: [makeAccount('default')],
  });
  assert.is((object.spec['volumes'] as unknown[]).length, 1);
  const [container] = object.spec['containers'] as { volumeMounts: { name: string }[] }[];
  assert.is(container?.volumeMounts[0]?.name, 'kube-api-access-mine');
});

mounting('nothing is mounted where all containers mount something at the place', () => {
  const container = { name: 'c', resources: {}, volumeMounts: [{ name: 'a', mountPath: MOUNT_PATH }] };
  const { object } = ask(serviceAccount, {
    object: makePod({ containers: [container] }),
    state: [makeAccount('default')],
  });
  assert.is(object.spec['volumes'], undefined);
});

for (const { name, ofPod, ofAccount, isMounted } of [
  { name: 'neither says anything', isMounted: true },
  { name: 'the account says no', ofAccount: false, isMounted: false },
  { name: 'the pod says no', ofPod: false, ofAccount: true, isMounted: false },
  { name: 'the pod says yes against its account', ofPod: true, ofAccount: false, isMounted: true },
])
  mounting(`token ${isMounted ? 'mounted' : 'not mounted'}: ${name}`, () => {
    const { object } = ask(serviceAccount, {
      object: makePod({ automountServiceAccountToken: ofPod }),
      state: [makeAccount('default', { automountServiceAccountToken: ofAccount })],
    });
    assert.is(object.spec['volumes'] !== undefined, isMounted);
  });

mounting('pull secrets of the account come in where the pod has none', () => {
  const state = [makeAccount('default', { imagePullSecrets: [{ name: 'registry' }] })];
  const without = ask(serviceAccount, { object: makePod(), state });
  assert.equal(without.object.spec['imagePullSecrets'], [{ name: 'registry' }]);
  const own = ask(serviceAccount, { object: makePod({ imagePullSecrets: [{ name: 'own' }] }), state });
  assert.equal(own.object.spec['imagePullSecrets'], [{ name: 'own' }]);
});

mounting('an account that is missing is an error, except the default one, which is on its way', () => {
  assert.is(
    ask(serviceAccount, { object: makePod({ serviceAccountName: 'build' }) }).refused,
    'pods "p" is forbidden: error looking up service account ns/build: serviceaccount "build" not found',
  );
  assert.is(ask(serviceAccount, { object: makePod() }).refused, undefined);
});

mounting('a name that is no part of a path is not even looked for', () => {
  assert.is(
    ask(serviceAccount, { object: makePod({ serviceAccountName: 'a/b%' }) }).refused,
    `pods "p" is forbidden: error looking up service account ns/a/b%: invalid resource name "a/b%": [may not contain '/' may not contain '%']`,
  );
});

mounting('an update changes nothing', () => {
  const { object, refused } = ask(serviceAccount, { object: makePod(), old: makePod() });
  assert.is(refused, undefined);
  assert.is(object.spec['volumes'], undefined);
});

mounting.run();

const mirror = suite('ServiceAccount: mirror pods');
const isMirror = { annotations: { 'kubernetes.io/config.mirror': 'x' } };

mirror('a mirror pod stays as it is', () => {
  const object = makePod({}, isMirror);
  assert.equal(ask(serviceAccount, { object }).object.spec, object['spec']);
});

for (const { name, spec, want } of [
  { name: 'an account', spec: { serviceAccountName: 'a' }, want: 'a mirror pod may not reference service accounts' },
  {
    name: 'a secret volume',
    spec: { volumes: [{ name: 'v', secret: { secretName: 's' } }] },
    want: 'a mirror pod may not reference secrets',
  },
  {
    name: 'a secret in the environment',
    spec: { containers: [{ name: 'c', resources: {}, envFrom: [{ secretRef: { name: 's' } }] }] },
    want: 'a mirror pod may not reference secrets',
  },
  {
    name: 'a secret of a storage driver',
    spec: { volumes: [{ name: 'v', cephfs: { monitors: [], secretRef: { name: 's' } } }] },
    want: 'a mirror pod may not reference secrets',
  },
  {
    name: 'a token',
    spec: { volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } }] },
    want: 'a mirror pod may not use ServiceAccountToken volume projections',
  },
])
  mirror(`a mirror pod with ${name} is refused`, () =>
    assert.is(ask(serviceAccount, { object: makePod(spec, isMirror) }).refused, `pods "p" is forbidden: ${want}`),
  );

mirror.run();

const mountable = suite('ServiceAccount: mountable secrets');
const strict = makeAccount(
  'default',
  { secrets: [{ name: 'known' }], imagePullSecrets: [{ name: 'registry' }] },
  { 'kubernetes.io/enforce-mountable-secrets': 'true' },
);
const refers = (name: string) => ({ name: 'E', valueFrom: { secretKeyRef: { name, key: 'k' } } });
const lacking = 'is not allowed because service account default does not reference that secret';

for (const { name, spec, want } of [
  { name: 'a secret that the account names', spec: { volumes: [{ name: 'v', secret: { secretName: 'known' } }] } },
  {
    name: 'a volume',
    spec: { volumes: [{ name: 'v', secret: { secretName: 'other' } }] },
    want: `volume with secret.secretName="other" ${lacking}`,
  },
  {
    name: 'an environment variable of an init container',
    spec: { initContainers: [{ name: 'i', resources: {}, env: [refers('other')] }] },
    want: `init container i with envVar E referencing secret.secretName="other" ${lacking}`,
  },
  {
    name: 'the whole environment of a container',
    spec: { containers: [{ name: 'c', resources: {}, envFrom: [{ secretRef: { name: 'other' } }] }] },
    want: `container c with envFrom referencing secret.secretName="other" ${lacking}`,
  },
  {
    name: 'a pull secret',
    spec: { imagePullSecrets: [{ name: 'registry' }, { name: 'other' }] },
    want: 'imagePullSecrets[1].name="other" is not allowed because service account default does not reference that imagePullSecret',
  },
])
  mountable(`${name} ${want ? 'is refused' : 'passes'}`, () =>
    assert.is(
      ask(serviceAccount, { object: makePod(spec), state: [strict] }).refused,
      want && `pods "p" is forbidden: ${want}`,
    ),
  );

mountable('an account that does not enforce lets every secret through', () => {
  const object = makePod({ volumes: [{ name: 'v', secret: { secretName: 'other' } }] });
  assert.is(ask(serviceAccount, { object, state: [makeAccount('default')] }).refused, undefined);
});

mountable('ephemeral containers are held to it too, with a bare error', () => {
  const ephemeralContainers = [{ name: 'debug', resources: {}, env: [refers('other')] }];
  const object = makePod({ serviceAccountName: 'default', ephemeralContainers });
  const { refused, code } = ask(serviceAccount, {
    object,
    old: makePod(),
    subresource: 'ephemeralcontainers',
    state: [strict],
  });
  assert.is(code, 500);
  assert.is(refused, `ephemeral container debug with envVar E referencing secret.secretName="other" ${lacking}`);
});

mountable.run();
