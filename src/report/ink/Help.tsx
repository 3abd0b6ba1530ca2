// The keys, on a screen of their own.
import { Box, Text } from 'ink';
import type { ReactElement } from 'react';

const KEYS: readonly (readonly [string, string])[] = [
  ['↑ ↓ j k', 'move'],
  ['PgUp PgDn g G', 'move by pages, to the first, to the last line'],
  ['← →', 'fold and unfold what an object owns'],
  ['enter', 'open an object: why it changes and how'],
  ['esc', 'go back, drop the filter'],
  ['/', 'show only lines with a text: a name, a kind, an action, a node'],
  ['tab, 1 to 5', 'changes, placements, services, problems, events'],
  ['q, Ctrl-C', 'leave; the plan stays on the terminal as text'],
];

export function Help({ height }: { readonly height: number }): ReactElement {
  return (
    <Box flexDirection="column" height={Math.min(height, KEYS.length + 2)} overflow="hidden">
      <Text bold>Keys</Text>
      {KEYS.map(([key, does]) => (
        <Text key={key} wrap="truncate-end">
          {`  ${key.padEnd(16)}${does}`}
        </Text>
      ))}
      <Text dimColor>any key goes back</Text>
    </Box>
  );
}
