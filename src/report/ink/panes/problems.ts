// Pods that stay pending, then every diagnostic, then the webhooks that would be called. What a user declared known says why.
import { type Finding, findingsOfPlan } from '../../findings/findings.ts';
import { addressOf } from '../../tree.ts';
import { webhookLine } from '../../webhooks.ts';
import { type Entry, matches } from '../filter.ts';
import { type Line, type Piece, piece } from '../line.ts';
import type { PaneInput } from '../panes.ts';
import { entryOf } from '../plan-index.ts';

const SEVERITY_COLOR = { error: 'red', warning: 'yellow', info: 'cyan' } as const;
const NO_OBJECT = { action: '', kind: '', namespace: '', node: '', isProblem: true } as const;

export function problemLines({ plan, filter }: PaneInput): Line[] {
  const found: [Entry, Line][] = [];
  // Diagnostics first, then pods that wait.
  const findings = plan.suppressed ? findingsOfPlan(plan).all : [];
  plan.pending.forEach(({ pod, reason, message }, index) => {
    const object = { kind: 'Pod', ...pod };
    const address = addressOf(object);
    found.push([
      entryOf(plan, object, `pending ${reason} ${message}`),
      {
        id: `pending ${index}`,
        wraps: true,
        opens: address,
        pieces: [
          piece('pending ', { color: 'red' }),
          piece(`${pod.namespace}/${pod.name} `, { bold: true }),
          piece(`${reason}: ${message}`),
          ...knownPieces(findings[plan.diagnostics.length + index]),
        ],
      },
    ]);
  });
  plan.diagnostics.forEach(({ severity, message, source, object, field }, index) => {
    const text = field && !message.startsWith(field) ? `${field}: ${message}` : message;
    const place = source ? [source.file, source.line].filter((part) => part !== undefined).join(':') : '';
    const words = `${severity} ${place} ${text}`;
    found.push([
      object ? { ...entryOf(plan, object, words), isProblem: true } : { ...NO_OBJECT, text: words.toLowerCase() },
      {
        id: `diagnostic ${index}`,
        wraps: true,
        ...(object ? { opens: addressOf(object) } : {}),
        pieces: [
          piece(`${severity} `, { color: SEVERITY_COLOR[severity] }),
          ...(place ? [piece(`${place} `, { dim: true })] : []),
          ...(object ? [piece(`${addressOf(object)} `)] : []),
          piece(text),
          ...knownPieces(findings[index]),
        ],
      },
    ]);
  });
  plan.webhooks?.forEach((call, index) => {
    const text = webhookLine(call);
    found.push([
      { ...entryOf(plan, call.object, `webhook ${text}`), isProblem: call.outcome === 'denied' },
      {
        id: `webhook ${index}`,
        wraps: true,
        opens: addressOf(call.object),
        pieces: [piece('webhook ', { color: call.outcome === 'denied' ? 'red' : 'cyan' }), piece(text)],
      },
    ]);
  });
  return found.filter(([entry]) => matches(filter, entry)).map(([, line]) => line);
}

function knownPieces(finding: Finding | undefined): Piece[] {
  const known = finding?.suppressed;
  return known ? [piece(`  known: ${known.reason} (${known.by})`, { dim: true })] : [];
}
