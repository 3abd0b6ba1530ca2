// Diffs as Go prints them in the refusals of pod updates.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unifiedDiff } from '../../../../src/apiserver/core/pod/unified-diff.ts';

const lines = (...names: readonly string[]) => names.join('\n');

const diff = suite('unified diff');

diff('equal texts have none', () => {
  assert.is(unifiedDiff('a\nb', 'a\nb'), '');
});

diff('three lines stand around a change', () => {
  const before = lines('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i');
  assert.is(
    unifiedDiff(before, before.replace('e', 'E')),
    lines('@@ -2,7 +2,7 @@', ' b', ' c', ' d', '-e', '+E', ' f', ' g', ' h', ''),
  );
});

diff('changes far apart have hunks of their own', () => {
  const before = Array.from({ length: 12 }, (_, i) => `l${i}`);
  const after = before.map((line, i) => (i === 0 || i === 11 ? `${line}!` : line));
  assert.is(
    unifiedDiff(lines(...before), lines(...after)),
    lines(
      '@@ -1,4 +1,4 @@',
      '-l0',
      '+l0!',
      ' l1',
      ' l2',
      ' l3',
      '@@ -9,4 +9,4 @@',
      ' l8',
      ' l9',
      ' l10',
      '-l11',
      '+l11!',
      '',
    ),
  );
});

diff('what is added or removed is counted', () => {
  assert.is(unifiedDiff('a', 'a\nb'), lines('@@ -1 +1,2 @@', ' a', '+b', ''));
  assert.is(unifiedDiff('a\nb\nc', 'c'), lines('@@ -1,3 +1 @@', '-a', '-b', ' c', ''));
});

// The matcher does not look for lines that make up more than a hundredth of a long text.
diff('lines that are everywhere in a long text are no anchors', () => {
  const filler = Array.from({ length: 200 }, (_, i) => (i % 2 ? 'common' : `l${i}`));
  assert.is(
    unifiedDiff('common', lines(...filler))
      .split('\n')
      .filter((line) => line.startsWith(' ')).length,
    0,
  );
});

diff.run();
