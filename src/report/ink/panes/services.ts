// Services with the pods that their traffic goes to.
import { matches } from '../filter.ts';
import { type Line, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf } from '../plan-index.ts';

export function serviceLines({ plan, filter }: PaneInput): Line[] {
  return plan.services
    .filter(({ service, ready, notReady }) =>
      matches(filter, entryOf(plan, { kind: 'Service', ...service }, [...ready, ...notReady].join(' '))),
    )
    .flatMap(({ service, clusterIP, ports, ready, notReady }): Line[] => {
      const name = `${service.namespace}/${service.name}`;
      const open = (pod: string) => ({ opens: `Pod ${service.namespace}/${pod}` });
      return [
        {
          id: `service ${name}`,
          opens: `Service ${name}`,
          pieces: [
            piece(name, { bold: true }),
            piece(` ${[clusterIP, ports.join(',')].filter(Boolean).join(' ')}`, { dim: true }),
            ready.length === 0
              ? piece('  no ready endpoints', { color: 'yellow' })
              : piece(`  ${ready.length} ready`, { color: 'green' }),
          ],
        },
        ...ready.map((pod) => ({ id: `endpoint ${name} ${pod}`, ...open(pod), pieces: [piece(`  -> ${pod}`)] })),
        ...notReady.map((pod) => ({
          id: `waiting ${name} ${pod}`,
          ...open(pod),
          pieces: [piece(`  -> ${pod} (not ready)`, { color: 'yellow' as const })],
        })),
      ];
    });
}
