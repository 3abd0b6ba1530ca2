// The whole terminal view: a line of panes, the lines of one pane or one object, a line of keys.
import { Box, Text, useApp, useInput, useStdout } from 'ink';
import { type ReactElement, useEffect, useMemo, useReducer, useState } from 'react';
import type { Plan } from '../../planner/changes/plan.ts';
import { Help } from './Help.tsx';
import { keyOf } from './keys.ts';
import { PANES, paneTitle } from './panes.ts';
import { VirtualList } from './VirtualList.tsx';
import { initialState, type Key, linesOf, pressed, type ViewState } from './view-state.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Below this nothing useful fits: what is there is cut instead. */
const SMALLEST: Size = { columns: 20, rows: 5 };
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
  if (state.isHelp) return <Help height={page + 2} />;
  return (
    <Box flexDirection="column" width={columns}>
      <Header plan={plan} state={state} />
      <VirtualList lines={lines} cursor={state.cursor} height={page} width={columns} />
      <Footer plan={plan} state={state} count={lines.length} />
    </Box>
  );
}

function Header({ plan, state }: { readonly plan: Plan; readonly state: ViewState }): ReactElement {
  return (
    <Text wrap="truncate-end">
      {PANES.map((pane, index) => (
        <Text key={pane} inverse={pane === state.pane} dimColor={pane !== state.pane}>
          {` ${index + 1} ${paneTitle(pane, plan)} `}
        </Text>
      ))}
    </Text>
  );
}

function Footer({
  plan,
  state,
  count,
}: {
  readonly plan: Plan;
  readonly state: ViewState;
  readonly count: number;
}): ReactElement {
  if (state.isTyping)
    return (
      <Text wrap="truncate-end">
        <Text color="cyan">/{state.filter}</Text>
        <Text dimColor> enter keeps the filter, esc drops it</Text>
      </Text>
    );
  const { create, update, delete: deleted, derived, pending, refused } = plan.summary;
  const sums = `+${create} ~${update} -${deleted} → ${derived}${pending > 0 ? `, ${pending} pending` : ''}${refused > 0 ? `, ${refused} refused` : ''}`;
  const keys =
    state.opened === undefined ? 'enter opens  / filters  tab turns  ? helps  q leaves' : 'esc goes back  q leaves';
  return (
    <Text wrap="truncate-end">
      <Text color={plan.converged ? 'green' : 'red'}>{sums}</Text>
      <Text
        dimColor
      >{`  ${Math.min(state.cursor + 1, count)}/${count}${state.filter ? ` /${state.filter}` : ''}  ${keys}`}</Text>
    </Text>
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
