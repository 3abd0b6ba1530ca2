// The project's own schemas are valid JSON Schemas: programs of others read them, and kubeplan itself does not look again.
import { Ajv } from 'ajv';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { configSchema } from '../../src/cli/config/config-schema.ts';
import { clusterSchema } from '../../src/planner/inventory/cluster-file.ts';
import { explanationSchema } from '../../src/report/json/explanation-schema.ts';
import { planSchema } from '../../src/report/json/plan-schema.ts';

const SCHEMAS = { clusterSchema, configSchema, explanationSchema, planSchema };

const schemas = suite('own schemas');
for (const [name, schema] of Object.entries(SCHEMAS))
  schemas(`${name} is a JSON Schema`, () => {
    const ajv = new Ajv({ strict: false });
    assert.ok(ajv.validateSchema(schema), ajv.errorsText());
  });
schemas('what is no schema is found out', () => {
  assert.not.ok(new Ajv({ strict: false, logger: false }).validateSchema({ type: 'thing' }));
});
schemas.run();
