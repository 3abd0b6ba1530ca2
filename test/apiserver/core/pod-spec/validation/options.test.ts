// What may stay in an object that has it already, though a new object may not have it.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fieldErrorMessage } from '../../../../../src/apimachinery/field-error.ts';
import { FieldPath } from '../../../../../src/apimachinery/field-path.ts';
import { defaultPodTemplate } from '../../../../../src/apiserver/core/pod-spec/defaults.ts';
import {
  podStatusOptions,
  podTemplateValidationOptions,
  podValidationOptions,
} from '../../../../../src/apiserver/core/pod-spec/validation/options.ts';
import { validatePodTemplateSpec } from '../../../../../src/apiserver/core/pod-spec/validation/pod-spec.ts';
import { featureGates } from '../../../../../src/planner/kubernetes-options.ts';
import type { Container, Pod, PodSpec, PodTemplateSpec } from '../../../../../src/schema/generated/types/core-v1.ts';
import { newestVersion } from '../../../../../src/schema/layout.ts';

const PATH = FieldPath.of('template');

function template(spec: Partial<PodSpec>, container: Partial<Container> = {}): PodTemplateSpec {
  const app = { name: 'app', image: 'nginx:1', resources: {}, ...container };
  return defaultPodTemplate({ metadata: {}, spec: { containers: [app], ...spec } });
}

/** The errors of a template that takes the place of another, or of none. */
function errorsOf(next: PodTemplateSpec, old: PodTemplateSpec | undefined, gates: Readonly<Record<string, boolean>>) {
  const options = podTemplateValidationOptions(
    next,
    old,
    featureGates({ version: newestVersion, featureGates: gates }),
  );
  return validatePodTemplateSpec(next, PATH, options).map(fieldErrorMessage);
}

const inherited = suite('pod validation options');

for (const { name, before, gates = {}, error } of [
  {
    name: 'huge pages that are no whole number of pages',
    before: template(
      {},
      { resources: { limits: { 'hugepages-2Mi': '1Mi', cpu: '1' }, requests: { 'hugepages-2Mi': '1Mi' } } },
    ),
    error:
      'template.spec.containers[0].resources.limits[hugepages-2Mi]: Invalid value: "1Mi": 1Mi is not positive integer multiple of hugepages-2Mi',
  },
  {
    name: 'a spread selector with a value that no label has',
    before: template({
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'zone',
          whenUnsatisfiable: 'DoNotSchedule',
          labelSelector: { matchLabels: { 'a b': 'c' } },
        },
      ],
    }),
    error: `template.spec.topologySpreadConstraints[0].labelSelector.matchLabels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
  },
  {
    name: 'a variable whose name only the relaxed rule allows, once the gate is off',
    before: template({}, { env: [{ name: '1-a', value: 'b' }] }),
    gates: { RelaxedEnvironmentVariableValidation: false },
    error: `template.spec.containers[0].env[0].name: Invalid value: "1-a": a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')`,
  },
] as readonly {
  name: string;
  before: PodTemplateSpec;
  gates?: Readonly<Record<string, boolean>>;
  error: string;
}[]) {
  inherited(`${name}: refused in a new object`, () => {
    assert.ok(errorsOf(before, undefined, gates).includes(error), errorsOf(before, undefined, gates).join('\n'));
  });

  inherited(`${name}: kept where it was`, () => {
    const next = { ...before, metadata: { labels: { changed: 'yes' } } };
    assert.not.ok(errorsOf(next, before, gates).includes(error));
  });

  inherited(`${name}: an update of the status goes by the same options`, () => {
    const features = featureGates({ version: newestVersion, featureGates: gates });
    const { metadata, spec } = before;
    const pod: Pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec, status: {} };
    const ofStatus = podStatusOptions(pod, features);
    const all = podValidationOptions(spec, spec, metadata, features);
    assert.equal({ ...all, ...ofStatus }, all);
  });

  inherited(`${name}: refused where it was not`, () => {
    assert.ok(errorsOf(before, template({}), gates).includes(error));
  });
}

inherited.run();
