// Who looks first at one moment of simulated time.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Controller, type ControllerFactory, watchSelf } from '../../../src/planner/engine/controller.ts';
import { restoreBootstrap } from '../../../src/planner/inventory/load-inventory.ts';
import { loadParts } from '../../../src/planner/parts.ts';
import { World } from '../../../src/planner/world.ts';

const VERSION = '1.36';
const parts = await loadParts();

/** A world that these controllers have to themselves, around one ConfigMap. */
function worldOf(controllers: readonly Controller[]): World {
  const components = controllers.map(
    (controller): ControllerFactory =>
      () =>
        controller,
  );
  const world = new World({
    kubernetes: { version: VERSION, featureGates: {}, flags: {} },
    ...parts,
    components,
    startAt: 0,
  });
  restoreBootstrap(world, VERSION);
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'map', namespace: 'default' } };
  world.server.handle({ verb: 'create', resource: 'configmaps', namespace: 'default', object, cause: { who: 'user' } });
  return world;
}

function controller(name: string, log: string[], act: Controller['sync']): Controller {
  return {
    name,
    watches: [watchSelf('configmaps')],
    sync(key, context) {
      log.push(name);
      return act(key, context);
    },
  };
}

/** Writes `count` in turn until it is there. */
function countTo(count: number): Controller['sync'] {
  return (_key, { reader, client }) => {
    const map = reader.get('configmaps', 'default', 'map') as unknown as {
      readonly data?: Readonly<Record<string, string>>;
    };
    const now = Number(map.data?.['count'] ?? 0);
    if (now < count) client.update('configmaps', { ...map, data: { count: String(now + 1) } } as never);
    return undefined;
  };
}

const engine = suite('engine');

engine('lets everyone else hear of a write before the controller that wrote it looks again', () => {
  const log: string[] = [];
  const world = worldOf([controller('writer', log, countTo(2)), controller('reader', log, () => undefined)]);
  assert.ok(world.engine.run({ horizon: 1000, steps: 100 }).settled);
  assert.equal(log, ['writer', 'reader', 'writer', 'reader', 'writer']);
});

engine('takes a write from outside for nobody’s own: who looked last is not put behind the others', () => {
  const log: string[] = [];
  let later: number | undefined = 10;
  const once = () => {
    const requeueAfter = later;
    later = undefined;
    return requeueAfter === undefined ? undefined : { requeueAfter };
  };
  const world = worldOf([controller('first', log, once), controller('last', log, () => undefined)]);
  world.engine.run({ horizon: 1000, steps: 100 });
  assert.equal(log, ['first', 'last', 'first']);
  world.server.handle({
    verb: 'patch',
    resource: 'configmaps',
    namespace: 'default',
    name: 'map',
    patch: { data: { count: '1' } },
    patchType: 'merge',
    cause: { who: 'user' },
  });
  world.engine.run({ horizon: 1000, steps: 100 });
  assert.equal(log.slice(3), ['first', 'last']);
});

engine('runs a key again at once when its controller has more to do', () => {
  const log: string[] = [];
  let left = 2;
  const world = worldOf([
    controller('batch', log, () => (left-- > 0 ? { requeueAfter: 0 } : undefined)),
    controller('reader', log, () => undefined),
  ]);
  world.engine.run({ horizon: 1000, steps: 100 });
  assert.equal(log, ['batch', 'batch', 'batch', 'reader']);
});

engine('stops at the limit of steps and says who still waited', () => {
  const log: string[] = [];
  const world = worldOf([controller('writer', log, countTo(1_000_000))]);
  const result = world.engine.run({ horizon: 1000, steps: 10 });
  assert.is(result.settled, false);
  assert.is(result.reason, 'steps');
  assert.equal(result.waiting, ['writer default/map']);
});

engine.run();
