// Plugins that name their resources have nothing to say about any other: asking them less often changes no answer.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../../src/apimachinery/object.ts';
import type { AdmissionAttributes, AdmissionContext } from '../../../../src/apiserver/admission/chain/plugin.ts';
import { ADMISSION_PLUGINS } from '../../../../src/apiserver/admission/chain/plugins.ts';
import { resourceNameOf } from '../../../../src/apiserver/resource.ts';
import { loadParts } from '../../../../src/planner/parts.ts';

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

const SUBRESOURCES = ['', 'status', 'resize', 'binding', 'eviction', 'ephemeralcontainers', 'scale', 'approval'];

/** An object that nearly every plugin would have something to say about, and what it was before. */
function subjectsOf(kind: string): { readonly object: KubeObject; readonly oldObject: KubeObject } {
  const metadata = { name: 'x', namespace: 'default', generation: 2 };
  const spec = {
    nodeName: 'n',
    priorityClassName: 'high',
    runtimeClassName: 'x',
    containers: [{ name: 'c', resources: {} }],
  };
  const object = { apiVersion: 'v1', kind, metadata, spec, target: { kind: 'Node', name: 'n' }, status: {} };
  return { object, oldObject: { ...object, metadata: { ...metadata, generation: 1 } } as KubeObject };
}

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
          for (const subresource of SUBRESOURCES) {
            const place = { operation, resource, subresource, namespace: 'default', name: 'x' };
            const attributes: AdmissionAttributes = { ...place, object, oldObject: object };
            assert.is(plugin.mutate?.(attributes, context), undefined);
            assert.is(plugin.validate?.(attributes, context), undefined);
          }
      }
    });
  }
for (const plugin of ADMISSION_PLUGINS)
  if (plugin.subresources)
    suites(`${plugin.name} has nothing to say about other subresources of its resources`, () => {
      for (const resource of resources) {
        if (!(plugin.resources?.includes(resourceNameOf(resource)) ?? true)) continue;
        const { object, oldObject } = subjectsOf(resource.kind);
        for (const operation of plugin.operations)
          for (const subresource of SUBRESOURCES) {
            if (plugin.subresources?.includes(subresource)) continue;
            const place = { operation, resource, subresource, namespace: 'default', name: 'x' };
            const attributes: AdmissionAttributes = { ...place, object, oldObject };
            assert.is(plugin.mutate?.(attributes, context), undefined);
            assert.is(plugin.validate?.(attributes, context), undefined);
          }
      }
    });
suites.run();
