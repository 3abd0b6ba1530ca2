// Quality-of-service classes of pods.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { computeQosClass, podQosClass } from '../../../../src/apiserver/core/pod/qos.ts';
import type { PodSpec, ResourceRequirements } from '../../../../src/schema/generated/types/core-v1.ts';

const specOf = (containers: readonly ResourceRequirements[], rest: Partial<PodSpec> = {}): PodSpec => ({
  containers: containers.map((resources, i) => ({ name: `c${i}`, resources })),
  ...rest,
});
const full = { cpu: '1', memory: '1Gi' };

const qos = suite('pod QoS class');

for (const { name, spec, want } of [
  { name: 'nothing asked for', spec: specOf([{}]), want: 'BestEffort' },
  { name: 'zero is nothing', spec: specOf([{ requests: { cpu: '0' } }]), want: 'BestEffort' },
  { name: 'only other resources', spec: specOf([{ limits: { 'example.com/gpu': '1' } }]), want: 'BestEffort' },
  { name: 'both limited and requested alike', spec: specOf([{ limits: full, requests: full }]), want: 'Guaranteed' },
  {
    name: 'amounts alike that are written differently',
    spec: specOf([{ limits: full, requests: { cpu: '1000m', memory: '1024Mi' } }]),
    want: 'Guaranteed',
  },
  { name: 'one resource only', spec: specOf([{ limits: { cpu: '1' }, requests: { cpu: '1' } }]), want: 'Burstable' },
  {
    name: 'requested less than limited',
    spec: specOf([{ limits: full, requests: { ...full, cpu: '1m' } }]),
    want: 'Burstable',
  },
  { name: 'one container without limits', spec: specOf([{ limits: full, requests: full }, {}]), want: 'Burstable' },
  {
    name: 'an init container that asks for less',
    spec: specOf([{ limits: full, requests: full }], {
      initContainers: [{ name: 'i', resources: { requests: { cpu: '1' } } }],
    }),
    want: 'Burstable',
  },
  {
    name: 'resources of the pod hide those of its containers',
    spec: specOf([{}], { resources: { limits: full, requests: full } }),
    want: 'Guaranteed',
  },
]) {
  qos(`${name}: ${want}`, () => assert.is(computeQosClass(spec), want));
}

qos('a class that was given stays', () => {
  assert.is(podQosClass({ spec: specOf([{}]), status: { qosClass: 'Burstable' } }), 'Burstable');
});

qos.run();
