import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { NodeImages } from '../../../../src/planner/kubelet/pods/images.ts';
import type { Node, Pod } from '../../../../src/schema/generated/types/core-v1.ts';

function pod(uid: string, image: string, imagePullPolicy = 'IfNotPresent'): Pod {
  const containers = [{ name: 'app', image, imagePullPolicy }];
  return { metadata: { name: uid, uid }, spec: { containers }, status: {} } as unknown as Pod;
}

function node(name: string, ...present: readonly string[]): Node {
  return { metadata: { name }, status: { images: present.map((image) => ({ names: [image] })) } } as unknown as Node;
}

const described = { sizes: { 'app:1': '200Mi' }, bandwidth: '50Mi', missing: ['gone:1'] };
const images = suite('images');

images('an image that a node lacks is pulled once for all its pods', () => {
  const known = new NodeImages(described);
  assert.is(known.pullsOf(pod('a', 'app:1'), node('n1')).takes, 4000);
  assert.is(known.pullsOf(pod('a', 'app:1'), node('n1')).takes, 4000, 'asked again for the same pod');
  assert.is(known.pullsOf(pod('b', 'app:1'), node('n1')).takes, 0);
  assert.is(known.pullsOf(pod('c', 'app:1'), node('n2')).takes, 4000, 'another node');
});

for (const { name, policy, image, present, reason } of [
  { name: 'an image that is there', policy: 'IfNotPresent', image: 'app:1', present: true, reason: undefined },
  { name: 'an image of unknown size', policy: 'Always', image: 'other:1', present: false, reason: undefined },
  {
    name: 'an image that no registry has',
    policy: 'IfNotPresent',
    image: 'gone:1',
    present: false,
    reason: 'ImagePullBackOff',
  },
  { name: 'one that is there all the same', policy: 'IfNotPresent', image: 'gone:1', present: true, reason: undefined },
  {
    name: 'one that is there but always asked for',
    policy: 'Always',
    image: 'gone:1',
    present: true,
    reason: 'ImagePullBackOff',
  },
  { name: 'one that may not be pulled', policy: 'Never', image: 'app:1', present: false, reason: 'ErrImageNeverPull' },
  {
    name: 'one that is there and need not be pulled',
    policy: 'Never',
    image: 'app:1',
    present: true,
    reason: undefined,
  },
])
  images(`${name}: ${reason ?? 'no failure'}`, () => {
    const on = node('n1', ...(present ? [image] : []));
    const { takes, failures } = new NodeImages(described).pullsOf(pod('a', image, policy), on);
    assert.equal(
      failures.map((failure) => failure.reason),
      reason === undefined ? [] : [reason],
    );
    assert.is(takes, 0);
  });

images.run();
