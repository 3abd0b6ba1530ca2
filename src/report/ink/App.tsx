// The whole terminal view: a line of panes, the lines of one pane or one object, a line of keys.
import { Box, useApp, useInput, useStdout } from 'ink';
import { type ReactElement, useEffect, useMemo, useReducer, useState } from 'react';
import type { Plan } from '../../planner/changes/plan.ts';
import { footerLine, headerLine } from './frame.ts';
import { Help } from './Help.tsx';
import { keyOf } from './keys.ts';
import { Row, VirtualList } from './VirtualList.tsx';
import { initialState, type Key, linesOf, pressed, type ViewState } from './view-state.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A line of panes, one of the list, one of keys. */
const SMALLEST: Size = { columns: 1, rows: 4 };
/** A frame as tall as the terminal would make Ink clear the scrollback. */
const SPARE_ROWS = 1;

interface Props {
  readonly plan: Plan;
  /** Told once, when the reader leaves: whether with Ctrl-C. */
  readonly onLeave?: (isInterrupted: boolean) => void;
}

export function App({ plan, onLeave }: Props): ReactElement {
  const { exit } = useApp();
  const { columns, rows } = useTerminalSize();
  const page = Math.max(1, rows - SPARE_ROWS - 2);
  const [state, press] = useReducer(
    (before: ViewState, key: Key) => pressed(before, key, plan, page),
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
  const lines = useMemo(() => linesOf(state, plan), [state, plan]);
  if (state.isHelp) return <Help height={page + 2} width={columns} />;
  return (
    <Box flexDirection="column" width={columns}>
      <Row line={headerLine(state, plan)} width={columns} />
      <VirtualList lines={lines} cursor={state.cursor} height={page} width={columns} />
      <Row line={footerLine(state, plan, lines)} width={columns} />
    </Box>
  );
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
