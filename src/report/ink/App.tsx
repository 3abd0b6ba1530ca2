// The whole terminal view: a line of panes, the lines of one pane or one object, a line of keys.
import { Box, useApp, useInput, useIsScreenReaderEnabled, useStdout } from 'ink';
import { type ReactElement, useEffect, useReducer, useState } from 'react';
import type { Plan } from '../../planner/changes/plan.ts';
import { type Clipboard, copyRefusal, copySequence } from './clipboard.ts';
import { footerLine, headerLine } from './frame.ts';
import { Help } from './Help.tsx';
import { keyOf } from './keys.ts';
import { Row, VirtualList } from './VirtualList.tsx';
import { initialState, type Key, linesOf, pressed, type ViewState } from './view-state.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A line of panes, one of the list, one of keys. */
const SMALLEST: Size = { columns: 1, rows: 4 };
/** A frame as tall as the terminal would make Ink clear the scrollback. */
const SPARE_ROWS = 1;

interface Props {
  readonly plan: Plan;
  readonly clipboard?: Clipboard;
  /** Told once, when the reader leaves: whether with Ctrl-C. */
  readonly onLeave?: (isInterrupted: boolean) => void;
}

const ANY: Clipboard = {};

export function App({ plan, clipboard = ANY, onLeave }: Props): ReactElement {
  const { exit } = useApp();
  const { stdout } = useStdout();
  const size = useTerminalSize();
  const [state, press] = useReducer(
    (before: ViewState, key: Key) => pressed(before, key, plan, pageOf(size), textWidth(size)),
    plan,
    initialState,
  );
  useInput((input, key) => {
    for (const each of keyOf(input, key)) press(each);
  });
  useEffect(() => {
    if (!state.isDone) return;
    onLeave?.(state.isInterrupted);
    exit();
  }, [state.isDone, state.isInterrupted, onLeave, exit]);
  useEffect(() => {
    if (state.copy && copyRefusal(state.copy.text, clipboard) === undefined)
      stdout.write(copySequence(state.copy.text));
  }, [state.copy, clipboard, stdout]);
  return <Frame state={state} plan={plan} size={size} clipboard={clipboard} />;
}

interface FrameProps {
  readonly state: ViewState;
  readonly plan: Plan;
  readonly size: Size;
  readonly clipboard?: Clipboard;
}

/** What stands on the screen: the same state, plan and size give the same letters. */
export function Frame({ state, plan, size, clipboard = ANY }: FrameProps): ReactElement {
  const { columns } = size;
  const isSpoken = useIsScreenReaderEnabled();
  const page = pageOf(size);
  if (state.isHelp) return <Help height={page + 2} width={columns} />;
  const lines = linesOf(state, plan, textWidth(size));
  return (
    <Box flexDirection="column" width={columns}>
      <Row line={headerLine(state, plan, columns)} width={columns} />
      <VirtualList lines={lines} cursor={state.cursor} height={page} width={columns} isSpoken={isSpoken} />
      <Row line={footerLine(state, plan, lines, clipboard)} width={columns} />
    </Box>
  );
}

function pageOf({ rows }: Size): number {
  return Math.max(1, rows - SPARE_ROWS - 2);
}

/** The mark in front of a line takes a column. */
function textWidth({ columns }: Size): number {
  return columns - 1;
}

function useTerminalSize(): Size {
  const { stdout } = useStdout();
  const read = (): Size => ({
    columns: Math.max(SMALLEST.columns, stdout.columns || 80),
    rows: Math.max(SMALLEST.rows, stdout.rows || 24),
  });
  const [size, setSize] = useState(read);
  useEffect(() => {
    const onResize = (): void => setSize(read());
    stdout.on('resize', onResize);
    return () => {
      stdout.off('resize', onResize);
    };
  });
  return size;
}
