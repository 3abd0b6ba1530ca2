// What the reader is looking at, and what each key does to it. Pure, so that every key can be tested without a terminal.
import type { Plan } from '../../planner/changes/plan.ts';
import type { ChangeNode } from '../tree.ts';
import { cycled, type FilterKey, parseFilter } from './filter.ts';
import { type Line, plainText, wrapLines } from './line.ts';
import { objectLines } from './object-view.ts';
import { nodeFold } from './panes/placements.ts';
import { PANES, type Pane, paneLines } from './panes.ts';
import { indexOf } from './plan-index.ts';

export interface ViewState {
  readonly pane: Pane;
  /** Address of the opened object; its lines fill the screen. */
  readonly opened: string | undefined;
  /** Line under the cursor. */
  readonly cursor: number;
  /** What to come back to when the opened object is closed: what was open before it, and where. */
  readonly trail: readonly { readonly opened: string | undefined; readonly cursor: number }[];
  /** The opened object with the lines that stay as they are. */
  readonly isWhole: boolean;
  readonly filter: string;
  readonly isTyping: boolean;
  readonly folded: ReadonlySet<string>;
  readonly isHelp: boolean;
  readonly isDone: boolean;
  /** The reader broke off with Ctrl-C. */
  readonly isInterrupted: boolean;
  /** What the last key copied; each copy is a value of its own. */
  readonly copy: Copy | undefined;
}

interface Copy {
  readonly text: string;
  readonly lines: number;
}

export type Key =
  | 'up'
  | 'down'
  | 'pageUp'
  | 'pageDown'
  | 'top'
  | 'bottom'
  | 'left'
  | 'right'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'shiftTab'
  | 'backspace'
  | 'interrupt'
  | { readonly text: string };

/** Above this many changes the tree starts folded, so that the first screen tells something. */
const FOLD_ABOVE = 200;

export function initialState(plan: Plan): ViewState {
  const isLarge = plan.changes.length > FOLD_ABOVE;
  const folded = isLarge
    ? [...withChildren(indexOf(plan).forest.submitted), ...plan.nodes.map(({ node }) => nodeFold(node))]
    : [];
  return {
    pane: 'changes',
    opened: undefined,
    cursor: 0,
    trail: [],
    isWhole: false,
    filter: '',
    isTyping: false,
    folded: new Set(folded),
    isHelp: false,
    isDone: false,
    isInterrupted: false,
    copy: undefined,
  };
}

function withChildren(nodes: readonly ChangeNode[]): string[] {
  return nodes.flatMap(({ address, children }) => (children.length > 0 ? [address, ...withChildren(children)] : []));
}

interface Shown {
  readonly state: ViewState;
  readonly width: number;
  readonly lines: readonly Line[];
}

/** The lines last shown of each plan: moving the cursor must not make 20,000 lines anew. */
const lastShown = new WeakMap<Plan, Shown>();

/** All lines of the pane or the object, on a screen of so many columns. */
export function linesOf(state: ViewState, plan: Plan, width = Number.POSITIVE_INFINITY): readonly Line[] {
  const last = lastShown.get(plan);
  if (last && last.width === width && showsTheSame(last.state, state)) return last.lines;
  const whole =
    state.opened === undefined
      ? paneLines(state.pane, { plan, filter: parseFilter(state.filter), folded: state.folded }, state.filter)
      : objectLines(state.opened, plan, state.isWhole);
  const lines = WRAPPING.has(state.pane) || state.opened !== undefined ? wrapLines(whole, width) : whole;
  lastShown.set(plan, { state, width, lines });
  return lines;
}

/** Panes with lines that wrap; to ask every line of the others would make them all. */
const WRAPPING: ReadonlySet<Pane> = new Set<Pane>(['problems', 'pending', 'services', 'drift', 'rollouts']);

function showsTheSame(a: ViewState, b: ViewState): boolean {
  if (a.opened !== b.opened) return false;
  if (a.opened !== undefined) return a.isWhole === b.isWhole;
  return a.pane === b.pane && a.filter === b.filter && a.folded === b.folded;
}

/** The state after a key; `page` is how many lines the screen shows, `width` how many columns. */
export function pressed(before: ViewState, key: Key, plan: Plan, page: number, width?: number): ViewState {
  const state = before.copy === undefined ? before : { ...before, copy: undefined };
  if (key === 'interrupt') return { ...state, isDone: true, isInterrupted: true };
  if (state.isHelp) return { ...state, isHelp: false };
  if (state.isTyping) return typed(state, key);
  const lines = linesOf(state, plan, width);
  const move = (by: number): ViewState => ({ ...state, cursor: clamp(state.cursor + by, lines.length) });
  const line = lines[clamp(state.cursor, lines.length)];
  if (typeof key === 'object') return typedCommand(state, key.text, move, lines, plan);
  switch (key) {
    case 'up':
      return move(-1);
    case 'down':
      return move(1);
    case 'pageUp':
      return move(-page);
    case 'pageDown':
      return move(page);
    case 'top':
      return { ...state, cursor: 0 };
    case 'bottom':
      return { ...state, cursor: Math.max(0, lines.length - 1) };
    case 'left':
      return line?.folds === undefined ? state : { ...state, folded: new Set([...state.folded, line.folds]) };
    case 'right':
      return line?.folds === undefined
        ? state
        : { ...state, folded: new Set([...state.folded].filter((folds) => folds !== line.folds)) };
    case 'enter':
      return line?.opens === undefined
        ? state
        : {
            ...state,
            opened: line.opens,
            trail: [...state.trail, { opened: state.opened, cursor: state.cursor }],
            cursor: 0,
          };
    case 'escape':
    case 'backspace':
      if (state.opened !== undefined) {
        const { opened, cursor } = state.trail.at(-1) ?? { opened: undefined, cursor: 0 };
        return { ...state, opened, cursor, trail: state.trail.slice(0, -1) };
      }
      return state.filter ? { ...state, filter: '', cursor: 0 } : state;
    case 'tab':
      return turned(state, 1);
    case 'shiftTab':
      return turned(state, -1);
  }
}

/** Keys that put the next value of a kind into the filter. */
const CYCLES: Readonly<Record<string, FilterKey>> = { a: 'action', K: 'kind', N: 'ns', p: 'is' };

function typedCommand(
  state: ViewState,
  text: string,
  move: (by: number) => ViewState,
  lines: readonly Line[],
  plan: Plan,
): ViewState {
  const cycle = CYCLES[text];
  if (cycle !== undefined) return cycledState(state, cycle, plan);
  switch (text) {
    case 'q':
      return { ...state, isDone: true };
    case '?':
      return { ...state, isHelp: true };
    case '/':
      return { ...closed(state), isTyping: true, cursor: 0 };
    case 'j':
      return move(1);
    case 'k':
      return move(-1);
    case 'g':
      return { ...state, cursor: 0 };
    case 'G':
      return { ...state, cursor: Math.max(0, lines.length - 1) };
    case 'c':
      return state.opened === undefined ? state : { ...state, isWhole: !state.isWhole, cursor: 0 };
    case 'y':
      return copied(state, lines.slice(clamp(state.cursor, lines.length), clamp(state.cursor, lines.length) + 1));
    case 'Y':
      return copied(state, lines);
    case ']':
      return { ...state, cursor: nextSecond(lines, state.cursor, 1) };
    case '[':
      return { ...state, cursor: nextSecond(lines, state.cursor, -1) };
    default: {
      const pane = PANES[Number(text) - 1];
      return pane ? { ...closed(state), pane, cursor: 0 } : state;
    }
  }
}

function copied(state: ViewState, lines: readonly Line[]): ViewState {
  const texts = lines.map((line) => plainText(line).trimEnd());
  return {
    ...state,
    copy: { text: lines.length === 1 ? texts.join('').trim() : `${texts.join('\n')}\n`, lines: lines.length },
  };
}

function cycledState(state: ViewState, key: FilterKey, plan: Plan): ViewState {
  const { actions, kinds, namespaces } = indexOf(plan);
  const values = { action: actions, kind: kinds, ns: namespaces, is: ['problem'], node: [] }[key];
  return { ...closed(state), filter: cycled(state.filter, key, values), cursor: 0 };
}

function closed(state: ViewState): ViewState {
  return { ...state, opened: undefined, trail: [] };
}

/** The first line of the next second, or of the one before. */
function nextSecond(lines: readonly Line[], cursor: number, by: 1 | -1): number {
  let at = clamp(cursor, lines.length);
  const second = lines[at]?.at;
  if (second === undefined) return cursor;
  while (lines[at]?.at === second) at += by;
  const next = lines[at]?.at;
  if (next === undefined) return cursor;
  while (lines[at - 1]?.at === next) at -= 1;
  return at;
}

function typed(state: ViewState, key: Key): ViewState {
  if (typeof key === 'object') return { ...state, filter: state.filter + key.text, cursor: 0 };
  if (key === 'backspace') return { ...state, filter: state.filter.slice(0, -1), cursor: 0 };
  if (key === 'escape') return { ...state, filter: '', isTyping: false, cursor: 0 };
  return key === 'enter' ? { ...state, isTyping: false } : state;
}

function turned(state: ViewState, by: number): ViewState {
  const index = (PANES.indexOf(state.pane) + by + PANES.length) % PANES.length;
  return { ...closed(state), pane: PANES[index]!, cursor: 0 };
}

function clamp(cursor: number, count: number): number {
  return Math.max(0, Math.min(cursor, count - 1));
}

/** First line to show, so that the cursor stays on the screen and in its middle where it can. */
export function windowStart(cursor: number, count: number, page: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(page / 2), count - page));
}
