import { expect, test } from '@jest/globals';
import type { Docker, TaskQuery } from '../ports.js';
import { shareTasks } from './shared-tasks.js';

function world(tookMs: number) {
  let nowMs = 0;
  const asked: TaskQuery[] = [];
  const docker: Partial<Docker> = {
    listTasks(query) {
      nowMs += tookMs;
      asked.push(query);
      return Promise.resolve([]);
    },
  };
  return { asked, shared: shareTasks(docker as Docker, () => nowMs) };
}

const ALL = { which: 'serving' } as const;

test('who looks for changes asks each time, and who can wait has what he got', async () => {
  const { asked, shared } = world(300);
  await shared.docker.listTasks(ALL);
  await shared.docker.listTasks(ALL);
  await shared.recent.listTasks(ALL);
  expect(asked).toEqual([ALL, ALL]);
});

test('after something has happened, and where lists are cheap, everybody asks', async () => {
  const dear = world(300);
  await dear.shared.docker.listTasks(ALL);
  dear.shared.invalidate();
  await dear.shared.recent.listTasks(ALL);
  expect(dear.asked).toHaveLength(2);
  const cheap = world(5);
  await cheap.shared.docker.listTasks(ALL);
  await cheap.shared.recent.listTasks(ALL);
  expect(cheap.asked).toHaveLength(2);
});

test('lists of a few services, and of newest tasks only, are not shared', async () => {
  const { asked, shared } = world(300);
  const few = [{ which: 'serving', serviceIds: ['a'] }, { which: 'newest' }] as const;
  await shared.docker.listTasks(ALL);
  for (const query of few) await shared.recent.listTasks(query);
  expect(asked).toEqual([ALL, ...few]);
});
