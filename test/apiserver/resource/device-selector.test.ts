// Expressions that select devices: which are refused, and which devices the others take.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  compileSelector,
  deviceMatches,
  type SelectableDevice,
} from '../../../src/apiserver/resource/device-selector.ts';
import { TestServer } from '../test-server.ts';

const refused = suite('expressions in a DeviceClass');
const PATH = 'spec.selectors[0].cel.expression';
const LONG = `device.driver == "${'x'.repeat(10 * 1024)}"`;
const DEAR =
  'device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, device.attributes.all(d, a == d))))';
const CLASSES: readonly (readonly [name: string, expression: string, causes: readonly (string | RegExp)[]])[] = [
  ['a bool', 'device.driver == "gpu.example.com"', []],
  ['an attribute, which may be a bool', 'device.attributes["gpu.example.com"].ready', []],
  ['a bound name', 'cel.bind(gpu, device.attributes["gpu.example.com"], gpu.ready && gpu.size > 1)', []],
  [
    'a text',
    'device.driver',
    [`${PATH}: Invalid value: "device.driver": must evaluate to bool or the unknown type, not string`],
  ],
  ['an unknown field', 'device.name == ""', [/compilation failed: ERROR: <input>:1:7: undefined field 'name'/]],
  ['something too long', LONG, [`${PATH}: Too long: may not be more than 10240 bytes`]],
  ['something too dear', DEAR, [`${PATH}: Forbidden: too complex, exceeds cost limit`]],
];
for (const [name, expression, causes] of CLASSES)
  refused(name, () => {
    const spec = { selectors: [{ cel: { expression } }] };
    const found = new TestServer().create({
      apiVersion: 'resource.k8s.io/v1',
      kind: 'DeviceClass',
      metadata: { name: 'gpu' },
      spec,
    }).causes;
    assert.is(found.length, causes.length, found.join('\n'));
    for (const [i, cause] of causes.entries())
      if (typeof cause === 'string') assert.is(found[i], cause);
      else assert.match(found[i] ?? '', cause);
  });
refused.run();

const asked = suite('devices');
const DEVICE: SelectableDevice = {
  driver: 'gpu.example.com',
  attributes: {
    ready: { bool: true },
    size: { int: 7 },
    'other.example.com/model': { string: 'a100' },
    version: { version: '1.2.3' },
  },
  capacity: { memory: { value: '16Gi' } },
};
const MATCHES: readonly (readonly [name: string, expression: string, answer: boolean | string])[] = [
  ['the driver', 'device.driver == "gpu.example.com"', true],
  ['a name without a domain is of the driver', 'device.attributes["gpu.example.com"].size > 5', true],
  ['a name with a domain', 'device.attributes["other.example.com"].model == "a100"', true],
  ['an attribute that is a bool', 'device.attributes["gpu.example.com"].ready', true],
  ['a version', 'device.attributes["gpu.example.com"].version.isGreaterThan(semver("1.3.0"))', false],
  ['a capacity', 'device.capacity["gpu.example.com"].memory.isGreaterThan(quantity("8Gi"))', true],
  ['a domain that is not there reads as empty', 'has(device.attributes["none.example.com"].x)', false],
  ['but is not in the map', '"none.example.com" in device.attributes', false],
  ['an attribute that is not there', 'device.attributes["gpu.example.com"].nope', 'no such key: nope'],
  [
    'an attribute that is no bool',
    'device.attributes["gpu.example.com"].size',
    "CEL result of type int could not be converted to bool: unsupported type conversion from 'int' to bool",
  ],
  ['shared use', 'device.allowMultipleAllocations', false],
];
for (const [name, expression, answer] of MATCHES)
  asked(name, () => {
    const compiled = compileSelector(expression);
    if (!compiled.ok) throw new Error(compiled.error);
    const match = deviceMatches(compiled.program, DEVICE);
    assert.is(match.ok ? match.matches : match.error, answer);
  });
asked.run();
