// What the reader is looking at, and what each key does to it. Pure, so that every key can be tested without a terminal.
import type { Plan } from '../../planner/changes/plan.ts';
import { addressOf, type ChangeNode, changeForest } from '../tree.ts';
import type { Line } from './line.ts';
import { objectLines, PANES, type Pane, paneLines } from './panes.ts';

export interface ViewState {
  readonly pane: Pane;
  /** Address of the opened object; its lines fill the screen. */
  readonly opened: string | undefined;
  /** Line under the cursor. */
  readonly cursor: number;
  /** Cursor to come back to when the opened object is closed. */
  readonly cursorBelow: number;
  readonly filter: string;
  readonly isTyping: boolean;
  readonly folded: ReadonlySet<string>;
  readonly isHelp: boolean;
  readonly isDone: boolean;
  /** The reader broke off with Ctrl-C. */
  readonly isInterrupted: boolean;
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
  const folded = plan.changes.length > FOLD_ABOVE ? withChildren(changeForest(plan).submitted) : [];
  return {
    pane: 'changes',
    opened: undefined,
    cursor: 0,
    cursorBelow: 0,
    filter: '',
    isTyping: false,
    folded: new Set(folded),
    isHelp: false,
    isDone: false,
    isInterrupted: false,
  };
}

function withChildren(nodes: readonly ChangeNode[]): string[] {
  return nodes.flatMap(({ change, children }) =>
    children.length > 0 ? [addressOf(change.object), ...withChildren(children)] : [],
  );
}

export function linesOf(state: ViewState, plan: Plan): readonly Line[] {
  if (state.opened !== undefined) return objectLines(state.opened, plan);
  return paneLines(state.pane, { plan, filter: state.filter, folded: state.folded });
}

/** The state after a key; `page` is how many lines the screen shows. */
export function pressed(state: ViewState, key: Key, plan: Plan, page: number): ViewState {
  if (key === 'interrupt') return { ...state, isDone: true, isInterrupted: true };
  if (state.isHelp) return { ...state, isHelp: false };
  if (state.isTyping) return typed(state, key);
  const lines = linesOf(state, plan);
  const move = (by: number): ViewState => ({ ...state, cursor: clamp(state.cursor + by, lines.length) });
  const line = lines[clamp(state.cursor, lines.length)];
  if (typeof key === 'object') return typedCommand(state, key.text, move, lines.length);
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
        : { ...state, folded: new Set([...state.folded].filter((address) => address !== line.folds)) };
    case 'enter':
      return line?.opens === undefined || state.opened !== undefined
        ? state
        : { ...state, opened: line.opens, cursorBelow: state.cursor, cursor: 0 };
    case 'escape':
    case 'backspace':
      if (state.opened !== undefined) return { ...state, opened: undefined, cursor: state.cursorBelow };
      return state.filter ? { ...state, filter: '', cursor: 0 } : state;
    case 'tab':
      return turned(state, 1);
    case 'shiftTab':
      return turned(state, -1);
  }
}

function typedCommand(state: ViewState, text: string, move: (by: number) => ViewState, count: number): ViewState {
  switch (text) {
    case 'q':
      return { ...state, isDone: true };
    case '?':
      return { ...state, isHelp: true };
    case '/':
      return { ...state, isTyping: true, opened: undefined, cursor: 0 };
    case 'j':
      return move(1);
    case 'k':
      return move(-1);
    case 'g':
      return { ...state, cursor: 0 };
    case 'G':
      return { ...state, cursor: Math.max(0, count - 1) };
    default: {
      const pane = PANES[Number(text) - 1];
      return pane ? { ...state, pane, opened: undefined, cursor: 0 } : state;
    }
  }
}

function typed(state: ViewState, key: Key): ViewState {
  if (typeof key === 'object') return { ...state, filter: state.filter + key.text, cursor: 0 };
  if (key === 'backspace') return { ...state, filter: state.filter.slice(0, -1), cursor: 0 };
  if (key === 'escape') return { ...state, filter: '', isTyping: false, cursor: 0 };
  return key === 'enter' ? { ...state, isTyping: false } : state;
}

function turned(state: ViewState, by: number): ViewState {
  const index = (PANES.indexOf(state.pane) + by + PANES.length) % PANES.length;
  return { ...state, pane: PANES[index]!, opened: undefined, cursor: 0 };
}

function clamp(cursor: number, count: number): number {
  return Math.max(0, Math.min(cursor, count - 1));
}

/** First line to show, so that the cursor stays on the screen and in its middle where it can. */
export function windowStart(cursor: number, count: number, page: number): number {
  return Math.max(0, Math.min(cursor - Math.floor(page / 2), count - page));
}
