// The first and the last line of the view: the panes with their counts; sums, place, filter, simulated second and keys.
import type { Plan } from '../../planner/changes/plan.ts';
import { type Line, type Piece, piece } from './line.ts';
import { PANES, paneTitle } from './panes.ts';
import type { ViewState } from './view-state.ts';

export function headerLine({ pane }: ViewState, plan: Plan): Line {
  return {
    id: 'header',
    pieces: PANES.map((each, index) =>
      piece(` ${index + 1} ${paneTitle(each, plan)} `, each === pane ? { inverse: true } : { dim: true }),
    ),
  };
}

export function footerLine(state: ViewState, plan: Plan, lines: readonly Line[]): Line {
  return { id: 'footer', pieces: state.isTyping ? typing(state) : looking(state, plan, lines) };
}

function typing({ filter }: ViewState): Piece[] {
  return [
    piece(`/${filter}`, { color: 'cyan' }),
    piece(' enter keeps the filter, esc drops it; words, kind:Pod action:create ns:NAME is:problem', { dim: true }),
  ];
}

function looking({ cursor, filter, opened, isWhole }: ViewState, plan: Plan, lines: readonly Line[]): Piece[] {
  const { create, update, delete: deleted, derived, pending, refused } = plan.summary;
  const troubles = `${pending > 0 ? `, ${pending} pending` : ''}${refused > 0 ? `, ${refused} refused` : ''}`;
  const at = lines[Math.min(cursor, lines.length - 1)]?.at;
  const keys =
    opened === undefined
      ? 'enter opens  / filters  tab turns  ? helps  q leaves'
      : `esc goes back  c shows ${isWhole ? 'changes only' : 'all lines'}  q leaves`;
  return [
    piece(`+${create} ~${update} -${deleted} → ${derived}${troubles}`, { color: plan.converged ? 'green' : 'red' }),
    ...(at === undefined ? [] : [piece(`  second ${at} of ${plan.simulatedSeconds}`, { color: 'cyan' as const })]),
    piece(`  ${Math.min(cursor + 1, lines.length)}/${lines.length}`, { dim: true }),
    ...(filter ? [piece(` /${filter}`, { color: 'cyan' as const })] : []),
    piece(`  ${keys}`, { dim: true }),
  ];
}
