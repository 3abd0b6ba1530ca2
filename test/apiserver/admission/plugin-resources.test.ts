// Plugins that name their resources have nothing to say about any other: asking them less often changes no answer.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AdmissionAttributes, AdmissionContext } from '../../../src/apiserver/admission/plugin.ts';
import { ADMISSION_PLUGINS } from '../../../src/apiserver/admission/plugins.ts';
import { resourceNameOf } from '../../../src/apiserver/resource.ts';
import { loadParts } from '../../../src/planner/parts.ts';

const { resources } = await loadParts();
const names = new Set(resources.map(resourceNameOf));
/** Whatever a plugin asks of its context is more than it may want to know. */
const context = new Proxy({} as AdmissionContext, {
  get: (_, name) => {
    if (name === 'features') return { isEnabled: () => true };
    if (name === 'reader') return {};
    throw new Error(`asked for ${String(name)}`);
  },
});

const suites = suite('admission plugins and resources');
for (const plugin of ADMISSION_PLUGINS)
  if (plugin.resources) {
    suites(`${plugin.name} names resources that are served`, () => {
      for (const name of plugin.resources ?? []) assert.ok(names.has(name), name);
    });
    suites(`${plugin.name} has nothing to say about the others`, () => {
      for (const resource of resources) {
        if (plugin.resources?.includes(resourceNameOf(resource))) continue;
        const metadata = { name: 'x', namespace: 'default' };
        const object = { apiVersion: 'v1', kind: resource.kind, metadata, spec: {}, status: {} };
        for (const operation of plugin.operations)
          for (const subresource of ['', 'status', 'resize', 'binding', 'ephemeralcontainers']) {
            const place = { operation, resource, subresource, namespace: 'default', name: 'x' };
            const attributes: AdmissionAttributes = { ...place, object, oldObject: object };
            assert.is(plugin.mutate?.(attributes, context), undefined);
            assert.is(plugin.validate?.(attributes, context), undefined);
          }
      }
    });
  }
suites.run();
