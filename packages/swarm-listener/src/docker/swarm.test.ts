import { expect, test } from '@jest/globals';
import { DockerError } from '@docker-flow/docker/docker-error';
import type { Docker, TaskQuery } from '../ports.js';
import { aService } from '../testing/swarm-objects.js';
import { createSwarm } from './swarm.js';

/** A Docker whose list of tasks takes so long. */
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
  const clock = { nowMs: () => nowMs, sleep: () => Promise.resolve() };
  return { asked, swarm: swarmOn(docker, { clock }) };
}

function swarmOn(docker: Partial<Docker>, change: Partial<Parameters<typeof createSwarm>[0]> = {}) {
  return createSwarm({
    docker: docker as Docker,
    notify: { key: 'com.df.notify', value: undefined },
    labels: { seen: () => undefined, listed: () => undefined, gone: () => undefined },
    ...change,
  });
}

const ALL = { which: 'serving' } as const;

test('services are those of interest, in lists and one by one', async () => {
  const hidden = aService({ id: 'hidden', labels: { 'com.df.notify': 'false' } });
  const services = [aService(), hidden];
  const swarm = swarmOn({
    listServices: () => Promise.resolve(services),
    inspectService: (id) => Promise.resolve(services.find((one) => one.id === id)),
  });
  expect(await swarm.listServices()).toEqual([aService()]);
  expect(await swarm.inspectService('id-web')).toEqual(aService());
  expect(await swarm.inspectService('hidden')).toBeUndefined();
  expect(await swarm.inspectService('gone')).toBeUndefined();
});

test('whoever watches labels hears of every service, of interest or not, and of those that are gone', async () => {
  const hidden = aService({ id: 'hidden', labels: { 'com.df.notify': 'yes' } });
  const heard: string[] = [];
  const swarm = swarmOn(
    {
      listServices: () => Promise.resolve([hidden]),
      inspectService: (id) => Promise.resolve(id === 'hidden' ? hidden : undefined),
    },
    {
      labels: {
        seen: ({ id }) => heard.push(`seen ${id}`),
        listed: (services) => heard.push(...services.map(({ id }) => `listed ${id}`)),
        gone: (id) => heard.push(`gone ${id}`),
      },
    },
  );
  await swarm.listServices();
  await swarm.inspectService('hidden');
  await swarm.inspectService('away');
  expect(heard).toEqual(['listed hidden', 'seen hidden', 'gone away']);
});

test('who looks for changes asks each time, and who can wait has what he got', async () => {
  const { asked, swarm } = world(300);
  await swarm.listTasks(ALL);
  await swarm.listTasks(ALL);
  await swarm.listRecentTasks(ALL);
  expect(asked).toEqual([ALL, ALL]);
});

test('after something has happened, and where lists are cheap, everybody asks', async () => {
  const expensive = world(300);
  await expensive.swarm.listTasks(ALL);
  expensive.swarm.invalidate();
  await expensive.swarm.listRecentTasks(ALL);
  expect(expensive.asked).toHaveLength(2);
  const cheap = world(5);
  await cheap.swarm.listTasks(ALL);
  await cheap.swarm.listRecentTasks(ALL);
  expect(cheap.asked).toHaveLength(2);
});

test('lists of a few services, and of newest tasks only, are not shared', async () => {
  const { asked, swarm } = world(300);
  const few = [{ which: 'serving', serviceIds: ['a'] }, { which: 'newest' }] as const;
  await swarm.listTasks(ALL);
  for (const query of few) await swarm.listRecentTasks(query);
  expect(asked).toEqual([ALL, ...few]);
});

test.each([
  ['silence', undefined, false],
  ['a server error', 503, false],
  ['a refusal of one question', 404, true],
])('after %s (%s), whether Docker answers: %s', async (_what, dockerStatus, answering) => {
  const failure = new DockerError('no', dockerStatus === undefined ? {} : { dockerStatus });
  const answers = [() => Promise.resolve([]), () => Promise.reject(failure)];
  const swarm = swarmOn({ listNodes: () => answers.shift()?.() ?? Promise.resolve([]) });
  expect(swarm.health()).toEqual({ answering: false, reason: undefined });
  await swarm.listNodes();
  expect(swarm.health().answering).toBe(true);
  await expect(swarm.listNodes()).rejects.toThrow(failure);
  expect(swarm.health().answering).toBe(answering);
});
