// The keys, on a screen of their own.
import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import { PANES } from './panes.ts';

/** Three panes a line: `1 changes  2 placements  3 services`. */
const PANE_KEYS = [0, 3, 6].map((first): readonly [string, string] => [
  `${first + 1} to ${first + 3}`,
  PANES.slice(first, first + 3).join(', '),
]);

const KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓ j k', 'move'],
  ['PgUp PgDn g G', 'move by pages, to the first, to the last line'],
  ['← →', 'fold and unfold what an object owns, the pods of a node'],
  ['enter', 'open an object: why it changes and how; a cause, to go up the chain'],
  ['c', 'in an object: all lines, or those around changes'],
  ['esc, backspace', 'go back, drop the filter'],
  ['/', 'filter: words, kind:Pod action:create ns:NAME node:NAME is:problem'],
  ['a K N', 'filter by the next action, kind, namespace'],
  ['p', 'only objects with problems'],
  ['[ ]', 'in timeline, rollouts, evictions: the second before, the next one'],
  ['y Y', 'copy the line, all lines, to the clipboard of the terminal'],
  ['tab, shift-tab', 'the next pane, the one before'],
  ...PANE_KEYS,
  ['?', 'these keys'],
  ['q, Ctrl-C', 'leave; the plan stays on the terminal as text'],
];

export function Help({ height, width }: { readonly height: number; readonly width: number }): ReactElement {
  return (
    <Box flexDirection="column" height={Math.min(height, KEYS.length + 2)} width={width} overflow="hidden">
      <Text bold wrap="truncate-end">
        Keys
      </Text>
      {KEYS.map(([key, does]) => (
        <Text key={key} wrap="truncate-end">
          {`  ${key.padEnd(16)}${does}`}
        </Text>
      ))}
      <Text dimColor wrap="truncate-end">
        any key goes back
      </Text>
    </Box>
  );
}
