import { expect, test } from '@jest/globals';
import { markedBlocks } from './marked-blocks.js';

function page(mark: string): string {
  return `# Page\n\nText.\n\n${mark}\n\`\`\`bash\ndocker service ls\necho done\n\`\`\`\n\nMore text.\n`;
}

test('a block has its commands, its line and its mark', () => {
  expect(markedBlocks(page('<!-- run -->'))).toEqual([
    { mark: { kind: 'run', shows: undefined }, commands: 'docker service ls\necho done', line: 7 },
  ]);
});

test.each([
  ['<!-- run shows /3\\/3/ -->', { kind: 'run', shows: /3\/3/s }],
  ['<!-- run until /a.*b/ -->', { kind: 'until', shows: /a.*b/s, withinMs: 240_000 }],
  ['<!-- run until /a/ within 5 min -->', { kind: 'until', shows: /a/s, withinMs: 300_000 }],
  ['<!-- given -->', { kind: 'given' }],
  ['<!-- not run: needs AWS -->', { kind: 'not run', reason: 'needs AWS' }],
])('%s', (text, mark) => expect(markedBlocks(page(text))[0]!.mark).toEqual(mark));

test.each([
  ['', 'line 6: commands without a mark'],
  ['<!-- runn -->', 'line 6: the mark "runn" cannot be read'],
])('a block with the mark "%s" is refused', (text, message) => {
  expect(() => markedBlocks(page(text))).toThrow(message);
});

test('blocks in other languages need no mark', () => {
  expect(markedBlocks('```yaml\na: 1\n```\n')).toEqual([]);
});
