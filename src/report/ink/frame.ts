// The first and the last line of the view: the panes with their counts; sums, place, filter, simulated second and keys.
import type { Plan } from '../../planner/changes/plan.ts';
import { type Clipboard, copyRefusal } from './clipboard.ts';
import { type Line, type Piece, piece, plainText } from './line.ts';
import { PANES, type Pane, paneCount } from './panes.ts';
import type { ViewState } from './view-state.ts';

/** Letters that still tell the panes apart. */
const SHORT = 4;

/** The panes, as fully as they fit: an empty one is its number alone, and so are all but the open one where room is short. */
export function headerLine({ pane }: ViewState, plan: Plan, width: number): Line {
  const counts = PANES.map((each) => paneCount(each, plan));
  const isOpen = (each: Pane): boolean => each === pane;
  const full = (each: Pane, index: number): string => [index + 1, each, counts[index]].filter(Boolean).join(' ');
  const named = (each: Pane, index: number, letters?: number): string =>
    counts[index] === undefined ? `${index + 1}` : `${index + 1} ${each.slice(0, letters)}`;
  const forms: readonly ((each: Pane, index: number) => string)[] = [
    (each, index) => (isOpen(each) || counts[index] !== undefined ? full(each, index) : `${index + 1}`),
    (each, index) => (isOpen(each) ? full(each, index) : named(each, index)),
    (each, index) => (isOpen(each) ? full(each, index) : named(each, index, SHORT)),
    (each, index) => (isOpen(each) ? full(each, index) : `${index + 1}`),
    (each, index) => (isOpen(each) ? full(each, index) : ''),
  ];
  const lines = forms.map(
    (form): Line => ({
      id: 'header',
      pieces: PANES.flatMap((each, index) => {
        const title = form(each, index);
        return title === '' ? [] : [piece(` ${title} `, isOpen(each) ? { inverse: true } : { dim: true })];
      }),
    }),
  );
  return lines.find((line) => plainText(line).length <= width) ?? lines.at(-1)!;
}

export function footerLine(state: ViewState, plan: Plan, lines: readonly Line[], clipboard: Clipboard): Line {
  return { id: 'footer', pieces: state.isTyping ? typing(state) : looking(state, plan, lines, clipboard) };
}

function typing({ filter }: ViewState): Piece[] {
  return [
    piece(`/${filter}`, { color: 'cyan' }),
    piece(' enter keeps the filter, esc drops it; words, kind:Pod action:create ns:NAME is:problem', { dim: true }),
  ];
}

function looking(
  { cursor, filter, opened, isWhole, copy }: ViewState,
  plan: Plan,
  lines: readonly Line[],
  clipboard: Clipboard,
): Piece[] {
  const { create, update, replace, delete: deleted, derived, pending, refused } = plan.summary;
  const replaced = replace > 0 ? ` -/+${replace}` : '';
  const troubles = `${pending > 0 ? `, ${pending} pending` : ''}${refused > 0 ? `, ${refused} refused` : ''}`;
  const sums = piece(`+${create} ~${update}${replaced} -${deleted} → ${derived}${troubles}`, {
    color: plan.converged ? 'green' : 'red',
  });
  if (copy) {
    const refusal = copyRefusal(copy.text, clipboard);
    const said = `copied ${copy.lines} ${copy.lines === 1 ? 'line' : 'lines'}`;
    return [
      sums,
      refusal ? piece(`  not copied: ${refusal}`, { color: 'red' }) : piece(`  ${said}`, { color: 'cyan' }),
    ];
  }
  const at = lines[Math.min(cursor, lines.length - 1)]?.at;
  const keys =
    opened === undefined
      ? 'enter opens  / filters  tab turns  ? helps  q leaves'
      : `esc goes back  c shows ${isWhole ? 'changes only' : 'all lines'}  q leaves`;
  return [
    sums,
    ...(at === undefined ? [] : [piece(`  second ${at} of ${plan.simulatedSeconds}`, { color: 'cyan' as const })]),
    piece(`  ${Math.min(cursor + 1, lines.length)}/${lines.length}`, { dim: true }),
    ...(filter ? [piece(` /${filter}`, { color: 'cyan' as const })] : []),
    piece(`  ${keys}`, { dim: true }),
  ];
}
