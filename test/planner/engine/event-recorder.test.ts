// The recorder against a plain one that keeps everything under texts, as the event broadcaster does.
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KubeObject } from '../../../src/apimachinery/object.ts';
import { failure } from '../../../src/apimachinery/status.ts';
import { formatTime } from '../../../src/apimachinery/time/time.ts';
import type { Client } from '../../../src/apiserver/server.ts';
import { type EventType, eventRecorder, RecordedEvents } from '../../../src/planner/engine/event-recorder.ts';
import type { Event } from '../../../src/schema/generated/types/core-v1.ts';

interface Said {
  readonly component: string;
  readonly about: KubeObject;
  readonly type: EventType;
  readonly reason: string;
  readonly message: string;
  /** Milliseconds since the last one. */
  readonly later: number;
  readonly isRefused: boolean;
}

/** What a write comes to: enough to tell one from another. */
type Written = readonly [name: string, message: string, count: number, first: string, last: string];

/** One text for each key, one table for each rule. */
class PlainRecorder {
  readonly writes: Written[] = [];
  readonly #written = new Map<string, Written>();
  readonly #similar = new Map<string, { messages: Set<string>; last: number }>();
  readonly #buckets = new Map<string, { tokens: number; filled: number }>();

  say({ component, about, type, reason, message, isRefused }: Said, now: number): void {
    const { namespace, name = '', uid } = about.metadata;
    const source = JSON.stringify([component, about.kind, namespace, name, uid]);
    const group = JSON.stringify([source, type, reason]);
    const isCombining = component !== 'default-scheduler';
    let isCombined = false;
    if (isCombining) {
      let record = this.#similar.get(group);
      if (!record || now - record.last > 600_000)
        this.#similar.set(group, (record = { messages: new Set(), last: now }));
      record.last = now;
      record.messages.add(message);
      isCombined = record.messages.size >= 10;
      if (isCombined) record.messages.delete([...record.messages][0]!);
      let bucket = this.#buckets.get(source);
      if (!bucket) this.#buckets.set(source, (bucket = { tokens: 25, filled: now }));
      bucket.tokens = Math.min(25, bucket.tokens + (now - bucket.filled) / 300_000);
      bucket.filled = now;
      if (bucket.tokens < 1) return;
      bucket.tokens -= 1;
    }
    const key = isCombined ? group : JSON.stringify([group, message]);
    const text = isCombined ? `(combined from similar events): ${message}` : message;
    const before = this.#written.get(key);
    const event: Written = before
      ? [before[0], text, before[2] + 1, before[3], formatTime(now)]
      : [`${name}.${this.#written.size.toString(16).padStart(16, '0')}`, text, 1, formatTime(now), formatTime(now)];
    this.writes.push(event);
    if (!isRefused) this.#written.set(key, event);
  }
}

const object = (kind: string, name: string, uid: string, namespace?: string): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name, uid, ...(namespace === undefined ? {} : { namespace }) },
});
const OBJECTS = [
  object('Pod', 'a', 'u1', 'default'),
  object('Pod', 'a', 'u2', 'default'),
  object('Pod', 'a', 'u1', 'other'),
  object('ReplicaSet', 'a', 'u1', 'default'),
  object('Node', 'a', 'a'),
];

const said = fc.array(
  fc.record<Said>({
    component: fc.constantFrom('default-scheduler', 'kubelet', 'kubelet'),
    about: fc.constantFrom(...OBJECTS.slice(0, 2), OBJECTS[0]!, OBJECTS[0]!, ...OBJECTS),
    type: fc.constantFrom('Normal', 'Normal', 'Warning'),
    reason: fc.constantFrom('Pulled', 'Pulled', 'Failed'),
    message: fc.nat(14).map((n) => `message ${n}`),
    later: fc.constantFrom(0, 0, 0, 1000, 300_000, 700_000),
    isRefused: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { minLength: 1, maxLength: 150 },
);

const recorder = suite('event recorder');

recorder('writes what a plain recorder writes', () => {
  fc.assert(
    fc.property(said, (sequence) => {
      const plain = new PlainRecorder();
      const recorded = new RecordedEvents();
      const writes: Written[] = [];
      let now = 0;
      for (const each of sequence) {
        now += each.later;
        plain.say(each, now);
        const write = <T extends KubeObject>(_: string, given: T) => {
          const event = given as unknown as Event;
          const { message = '', count = 0, firstTimestamp = '', lastTimestamp = '' } = event;
          writes.push([event.metadata.name ?? '', message, count, firstTimestamp, lastTimestamp]);
          if (!each.isRefused) return { ok: true, code: 201, object: given, warnings: [] } as const;
          return { ok: false, code: 403, status: failure(403, 'Forbidden', ''), warnings: [] } as const;
        };
        // All that a recorder asks of its client.
        const client = { create: write, update: write } as unknown as Client;
        eventRecorder(each.component, client, recorded, now).event(each.about, each.type, each.reason, each.message);
      }
      assert.equal(writes, plain.writes);
    }),
    { numRuns: 100 },
  );
});

recorder('the scheduler says of one version of an object what it said first, for six minutes', () => {
  const tellings = (component: string): readonly string[] => {
    const told: string[] = [];
    const write = (_: string, event: Event) => {
      told.push(`${event.message} x${event.count}`);
      return { ok: true, code: 201, object: event, warnings: [] };
    };
    const client = { create: write, update: write } as unknown as Client; // all that a recorder asks of its client
    const recorded = new RecordedEvents();
    const say = (now: number, resourceVersion: string, message: string): void => {
      const pod = object('Pod', 'a', 'u', 'ns');
      const seen = { ...pod, metadata: { ...pod.metadata, resourceVersion } };
      eventRecorder(component, client, recorded, now).event(seen, 'Warning', 'FailedScheduling', message);
    };
    say(0, '1', 'no cpu');
    say(1000, '2', 'no cpu');
    say(2000, '2', 'tainted');
    say(3000, '3', 'tainted');
    say(400_000, '3', 'gone');
    return told;
  };
  assert.equal(tellings('default-scheduler'), ['no cpu x1', 'no cpu x2', 'no cpu x3', 'tainted x1', 'gone x1']);
  assert.equal(tellings('kubelet'), ['no cpu x1', 'no cpu x2', 'tainted x1', 'tainted x2', 'gone x1']);
});

recorder('says whom an event is about, and who says it', () => {
  let written: Event | undefined;
  const create = (_: string, event: Event) => {
    written = event;
    return { ok: true, code: 201, object: event, warnings: [] };
  };
  const client = { create } as unknown as Client;
  const pod = object('Pod', 'a', 'u', 'ns');
  const seen = { ...pod, metadata: { ...pod.metadata, resourceVersion: '7' } };
  eventRecorder('kubelet', client, new RecordedEvents(), 0).event(seen, 'Normal', 'Pulled', 'done');
  assert.equal(written?.involvedObject, {
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'ns',
    name: 'a',
    uid: 'u',
    resourceVersion: '7',
  });
  assert.equal(
    [written?.metadata.namespace, written?.source, written?.reportingComponent],
    ['ns', { component: 'kubelet' }, 'kubelet'],
  );
  eventRecorder('kubelet', client, new RecordedEvents(), 0).event(OBJECTS[4]!, 'Normal', 'Pulled', 'done');
  assert.equal(written?.involvedObject, { apiVersion: 'v1', kind: 'Node', name: 'a', uid: 'a' });
  assert.is(written?.metadata.namespace, 'default');
});

recorder(
  'goes on from the events of a described cluster: the same one counts on, another gets a name of its own',
  () => {
    const described = (message: string, number: string): Event => ({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: `a.${number}`, namespace: 'default' },
      involvedObject: { kind: 'Node', name: 'a', uid: 'a' },
      source: { component: 'kubelet' },
      reportingComponent: '',
      reportingInstance: '',
      type: 'Normal',
      reason: 'Pulled',
      message,
      count: 2,
    });
    const writes: Written[] = [];
    const write = (_: string, object: Event) => {
      writes.push([object.metadata.name ?? '', object.message ?? '', object.count ?? 0, '', '']);
      return { ok: true, code: 200, object, warnings: [] };
    };
    const recorded = new RecordedEvents();
    recorded.remember(described('old', '000000000000001f'), 0);
    recorded.remember(described('older', '17f1e9a3b4c5d6e7'), 0);
    const client = { create: write, update: write } as unknown as Client;
    const kubelet = eventRecorder('kubelet', client, recorded, 0);
    kubelet.event(OBJECTS[4]!, 'Normal', 'Pulled', 'old');
    kubelet.event(OBJECTS[4]!, 'Normal', 'Pulled', 'new');
    eventRecorder('other', client, recorded, 0).event(OBJECTS[4]!, 'Normal', 'Pulled', 'old');
    assert.equal(
      writes.map(([name, message, count]) => [name, message, count]),
      [
        ['a.000000000000001f', 'old', 3],
        ['a.0000000000000020', 'new', 1],
        ['a.0000000000000021', 'old', 1],
      ],
    );
  },
);

recorder.run();
