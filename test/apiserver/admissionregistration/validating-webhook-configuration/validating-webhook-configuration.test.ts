import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ValidatingWebhookConfiguration } from '../../../../src/schema/generated/types/admissionregistration-v1.ts';
import { type Document, type Json, TestServer } from '../../test-server.ts';

const configurations = suite('webhook configurations');

const RULE = { operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] };

function webhook(fields: Json): Json {
  return {
    name: 'check.example.com',
    clientConfig: { service: { name: 's', namespace: 'n' } },
    sideEffects: 'None',
    admissionReviewVersions: ['v1'],
    rules: [RULE],
    ...fields,
  };
}

function configuration(webhooks: readonly Json[], fields: Json = {}): Document {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return { apiVersion, kind: 'ValidatingWebhookConfiguration', metadata: { name: 'c' }, webhooks, ...fields };
}

configurations('a webhook that cannot be asked refuses everything', () => {
  const { object } = new TestServer().create(configuration([webhook({})]));
  const [hook] = (object as unknown as ValidatingWebhookConfiguration).webhooks ?? [];
  assert.is(hook?.failurePolicy, 'Fail');
  assert.is(hook?.timeoutSeconds, 10);
  assert.is(hook?.matchPolicy, 'Equivalent');
  assert.equal(hook?.namespaceSelector, {});
  assert.is(hook?.clientConfig.service?.port, 443);
  assert.is(hook?.rules?.[0]?.scope, '*');
});

const AT = 'webhooks[0]';

for (const { name, fields, causes } of [
  {
    name: 'it has a domain of its own',
    fields: { name: 'check' },
    causes: [`${AT}.name: Invalid value: "check": should be a domain with at least three segments separated by dots`],
  },
  {
    name: 'it tells what else it changes',
    fields: { sideEffects: 'Some' },
    causes: [`${AT}.sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"`],
  },
  {
    name: 'it speaks a version that is known',
    fields: { admissionReviewVersions: ['v9', 'v9'] },
    causes: [
      `${AT}.admissionReviewVersions[1]: Invalid value: "v9": duplicate version`,
      `${AT}.admissionReviewVersions: Invalid value: ["v9","v9"]: must include at least one of v1, v1beta1`,
    ],
  },
  {
    name: 'a wildcard leaves no room for others',
    fields: { rules: [{ ...RULE, resources: ['*/*', 'pods', 'pods/*', 'pods/log'] }] },
    causes: [
      `${AT}.rules[0].resources[2]: Invalid value: "pods/*": if '*/*' is present, must not specify pods/*`,
      `${AT}.rules[0].resources[3]: Invalid value: "pods/log": if 'pods/*' is present, must not specify pods/log`,
      `${AT}.rules[0].resources: Invalid value: ["*/*","pods","pods/*","pods/log"]: if '*/*' is present, must not specify other resources`,
    ],
  },
  {
    name: 'it is a URL or a service',
    fields: { clientConfig: {} },
    causes: [`${AT}.clientConfig: Required value: exactly one of url or service is required`],
  },
  {
    name: 'a URL is safe and plain',
    fields: { clientConfig: { url: 'http://ada@example.com?a#b' } },
    causes: [
      `${AT}.clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]`,
      `${AT}.clientConfig.url: Invalid value: "ada": user information is not permitted in the URL`,
      `${AT}.clientConfig.url: Invalid value: "b": fragments are not permitted in the URL`,
      `${AT}.clientConfig.url: Invalid value: "a": query parameters are not permitted in the URL`,
    ],
  },
  {
    name: 'a service without a name lacks its namespace, and the other way round',
    fields: { clientConfig: { service: { name: '', namespace: 'n' } } },
    causes: [`${AT}.clientConfig.service.namespace: Required value`],
  },
  {
    name: 'the path to it has plain segments',
    fields: { clientConfig: { service: { name: 's', namespace: 'n', path: 'a/b' } } },
    causes: [
      `${AT}.clientConfig.service.path: Invalid value: "a/b": must start with a '/'`,
      `${AT}.clientConfig.service.path: Invalid value: "a/b": segment[0] may not be empty`,
    ],
  },
  {
    name: 'a condition has a name and an expression',
    fields: { matchConditions: [{ name: '', expression: ' ' }] },
    causes: [`${AT}.matchConditions[0].expression: Required value`, `${AT}.matchConditions[0].name: Required value`],
  },
]) {
  configurations(name, () => assert.equal(new TestServer().create(configuration([webhook(fields)])).causes, causes));
}

configurations('names differ', () => {
  assert.equal(new TestServer().create(configuration([webhook({}), webhook({})])).causes, [
    'webhooks[1].name: Duplicate value: "check.example.com"',
  ]);
});

configurations('a name for static files is warned of', () => {
  const { code, warnings } = new TestServer().create(configuration([], { metadata: { name: 'c.static.k8s.io' } }));
  assert.is(code, 201);
  assert.match(warnings.join(), /^metadata\.name: names ending with "\.static\.k8s\.io" are reserved/);
});

configurations('the generation counts changes of the webhooks', () => {
  const server = new TestServer();
  const { metadata } = server.create(configuration([webhook({})])).object;
  const labelled = server.update(
    configuration([webhook({})], { metadata: { ...metadata, labels: { a: 'b' } } }),
  ).object;
  assert.is(labelled.metadata.generation, 1);
  const changed = configuration([webhook({ timeoutSeconds: 5 })], { metadata: { ...labelled.metadata } });
  assert.is(server.update(changed).object.metadata.generation, 2);
});

configurations.run();
