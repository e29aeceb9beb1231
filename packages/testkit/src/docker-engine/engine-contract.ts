import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { EngineAnswer, EngineClient } from './engine-client.js';
import type { EngineEvent, EngineNode, EngineService, EngineTask, ServiceSpec } from './objects.js';

/**
 * What our programs rely on in the Engine API, said once and run against both the fake engine and a real one, so
 * that tests with the fake can be trusted. Each expectation makes and removes services of its own.
 */
export interface ContractSubject {
  readonly engine: EngineClient;
  /** An image that runs until it is stopped. */
  readonly image: string;
  /** An overlay network. */
  readonly network: string;
  /** How long to wait for what an engine does in its own time. */
  readonly limitMs: number;
}

export interface Expectation {
  readonly claim: string;
  /** @throws {AssertionError} when the engine is otherwise */
  readonly check: (subject: ContractSubject) => Promise<void>;
}

function specOf({ image, network }: ContractSubject, name: string, replicas = 0): ServiceSpec {
  return {
    Name: name,
    Labels: { 'com.df.notify': 'true', 'contract.name': name },
    TaskTemplate: { ContainerSpec: { Image: image }, Networks: [{ Target: network }] },
    Mode: { Replicated: { Replicas: replicas } },
    EndpointSpec: { Mode: 'dnsrr' },
  };
}

function filters(of: Readonly<Record<string, unknown>>): string {
  return `filters=${encodeURIComponent(JSON.stringify(of))}`;
}

async function create(subject: ContractSubject, name: string, replicas = 0): Promise<EngineService> {
  const answer = await subject.engine.call('POST', '/services/create', specOf(subject, name, replicas));
  equal(answer.status, 201, answer.text);
  return inspect(subject, name);
}

async function inspect({ engine }: ContractSubject, name: string): Promise<EngineService> {
  const answer = await engine.call('GET', `/services/${name}`);
  equal(answer.status, 200, answer.text);
  return answer.body as EngineService;
}

function update(
  { engine }: ContractSubject,
  { ID: id, Version: version }: EngineService,
  spec: object,
): Promise<EngineAnswer> {
  return engine.call('POST', `/services/${id}/update?version=${version.Index}`, spec);
}

/** The service exists while `work` runs. */
async function withService(
  subject: ContractSubject,
  name: string,
  replicas: number,
  work: (service: EngineService) => Promise<void>,
): Promise<void> {
  try {
    await work(await create(subject, name, replicas));
  } finally {
    await subject.engine.call('DELETE', `/services/${name}`);
  }
}

function message({ body }: EngineAnswer): string {
  return (body as { message?: string } | undefined)?.message ?? '';
}

async function until<T>(
  subject: ContractSubject,
  what: string,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = performance.now() + subject.limitMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    ok(performance.now() < deadline, `${what} within ${subject.limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function tasksOf({ engine }: ContractSubject, name: string): Promise<readonly EngineTask[]> {
  const query = filters({ service: [name], 'desired-state': ['running'] });
  return (await engine.call('GET', `/tasks?${query}`)).body as readonly EngineTask[];
}

/** What `work` makes the engine say, up to the event that `isLast`. */
async function eventsOf(
  subject: ContractSubject,
  query: string,
  isLast: (event: EngineEvent) => boolean,
  work: () => Promise<void>,
): Promise<readonly EngineEvent[]> {
  const stop = new AbortController();
  const events: EngineEvent[] = [];
  let over = false;
  let isOpen = (): void => undefined;
  const opened = new Promise<void>((resolve) => (isOpen = resolve));
  const ended = subject.engine.followEvents(
    `/events?${query}`,
    {
      onOpen: () => isOpen(),
      onEvent(event) {
        events.push(event as EngineEvent);
        over ||= isLast(event as EngineEvent);
      },
    },
    stop.signal,
  );
  try {
    await opened;
    await work();
    await until(subject, 'the last event', () => Promise.resolve(over ? true : undefined));
    return events;
  } finally {
    stop.abort();
    await ended;
  }
}

const ids = (answer: EngineAnswer) =>
  (answer.body as readonly { readonly ID: string }[]).map((one) => one.ID);

export const ENGINE_CONTRACT: readonly Expectation[] = [
  {
    claim: 'a service is created with 201 and found by id and by name',
    check: (subject) =>
      withService(subject, 'contract-made', 0, async ({ ID: id, Spec: spec, CreatedAt: createdAt }) => {
        equal((await inspect(subject, id)).ID, id);
        deepEqual(spec.Labels, { 'com.df.notify': 'true', 'contract.name': 'contract-made' });
        deepEqual(spec.Mode, { Replicated: { Replicas: 0 } });
        ok(Number.isFinite(Date.parse(createdAt)));
      }),
  },
  {
    claim: 'a name that is taken is refused with 409, one that is none with 400',
    check: (subject) =>
      withService(subject, 'contract-taken', 0, async () => {
        const { engine } = subject;
        const again = await engine.call('POST', '/services/create', specOf(subject, 'contract-taken'));
        equal(again.status, 409);
        match(message(again), /name conflicts with an existing object/);
        equal((await engine.call('POST', '/services/create', specOf(subject, 'no name'))).status, 400);
      }),
  },
  {
    claim: 'a service, node or task list of something that is not there is refused with 404',
    async check({ engine }) {
      const service = await engine.call('GET', '/services/contract-none');
      deepEqual([service.status, message(service)], [404, 'service contract-none not found']);
      equal((await engine.call('GET', '/nodes/contract-none')).status, 404);
      equal((await engine.call('GET', `/tasks?${filters({ service: ['contract-none'] })}`)).status, 404);
      equal((await engine.call('DELETE', '/services/contract-none')).status, 404);
    },
  },
  {
    claim: 'lists come without blanks and each object begins with its ID',
    check: (subject) =>
      withService(subject, 'contract-list', 1, async () => {
        await until(subject, 'a task', async () =>
          (await tasksOf(subject, 'contract-list')).length > 0 ? true : undefined,
        );
        for (const path of ['/services', '/tasks', '/nodes'])
          match((await subject.engine.call('GET', path)).text, /^\[\{"ID":"[^"]+",/);
        equal((await subject.engine.call('GET', `/services?${filters({ id: ['none'] })}`)).text.trim(), '[]');
      }),
  },
  {
    claim:
      'services are filtered by label in both forms, with or without value, and by the beginning of their name',
    check: (subject) =>
      withService(subject, 'contract-filter', 0, async ({ ID: id }) => {
        const found = async (filter: Readonly<Record<string, unknown>>) =>
          ids(await subject.engine.call('GET', `/services?${filters(filter)}`)).includes(id);
        const answers = await Promise.all([
          found({ label: ['contract.name'] }),
          found({ label: { 'contract.name': true } }),
          found({ label: ['contract.name=contract-filter'] }),
          found({ label: ['contract.name=other'] }),
          found({ label: ['contract.name', 'contract.missing'] }),
          found({ name: ['contract-fil'] }),
          found({ name: ['filter'] }),
          found({ mode: ['replicated'] }),
          found({ mode: ['global'] }),
        ]);
        deepEqual(answers, [true, true, true, false, false, true, false, true, false]);
        const wrong = await subject.engine.call('GET', `/services?${filters({ bogus: ['x'] })}`);
        // Engines of today write it small.
        deepEqual([wrong.status, message(wrong).toLowerCase()], [400, "invalid filter 'bogus'"]);
      }),
  },
  {
    claim: 'an update needs the newest version, raises it, and remembers the spec before',
    check: (subject) =>
      withService(subject, 'contract-update', 0, async (service) => {
        const labels = { 'com.df.text': 'line\nbreak 😀 &=+' };
        const spec = { ...service.Spec, Labels: labels };
        equal((await update(subject, service, spec)).status, 200);
        const after = await inspect(subject, service.ID);
        ok(after.Version.Index > service.Version.Index);
        deepEqual(after.Spec.Labels, labels);
        deepEqual(after.PreviousSpec?.Labels, service.Spec.Labels);
        equal(after.UpdateStatus, undefined);
        const late = await update(subject, service, spec);
        equal(late.status, 500);
        match(message(late), /update out of sequence/);
        equal((await subject.engine.call('POST', `/services/${service.ID}/update`, spec)).status, 400);
      }),
  },
  {
    claim:
      'changes of services are events with the name and what of replicas and image changed, and no labels',
    async check(subject) {
      const { engine } = subject;
      const name = 'contract-events';
      let id = '';
      const isLast = ({ Action: action, Actor: actor }: EngineEvent) =>
        action === 'remove' && actor.ID === id;
      const events = await eventsOf(subject, filters({ type: ['service'] }), isLast, async () => {
        const service = await create(subject, name);
        id = service.ID;
        await update(subject, service, { ...service.Spec, Labels: {} });
        const relabelled = await inspect(subject, id);
        await update(subject, relabelled, { ...relabelled.Spec, Mode: { Replicated: { Replicas: 2 } } });
        const scaled = await inspect(subject, id);
        const template = { ContainerSpec: { Image: 'contract/other:1' } };
        await update(subject, scaled, {
          ...scaled.Spec,
          Mode: { Replicated: { Replicas: 2 } },
          TaskTemplate: template,
        });
        equal((await engine.call('DELETE', `/services/${name}`)).status, 200);
      });
      // A rollout under way adds updates of its own.
      const own = events.filter(
        ({ Actor: actor }) => actor.ID === id && !('updatestate.new' in actor.Attributes),
      );
      deepEqual(
        own.map(({ Type: type, Action: action, Actor: actor, scope }) => [
          type,
          action,
          actor.Attributes,
          scope,
        ]),
        [
          ['service', 'create', { name }, 'swarm'],
          ['service', 'update', { name }, 'swarm'],
          ['service', 'update', { name, 'replicas.old': '0', 'replicas.new': '2' }, 'swarm'],
          [
            'service',
            'update',
            { name, 'image.old': subject.image, 'image.new': 'contract/other:1' },
            'swarm',
          ],
          ['service', 'remove', { name }, 'swarm'],
        ],
      );
      ok(own.every(({ time, timeNano }) => Math.floor(timeNano / 1e9) === time));
    },
  },
  {
    claim: 'past events come again with since and until, and then the stream ends',
    async check(subject) {
      const from = Date.now() / 1000 - 1;
      const { ID: id } = await create(subject, 'contract-past');
      await subject.engine.call('DELETE', '/services/contract-past');
      const seen: string[] = [];
      const range = `since=${from.toFixed(3)}&until=${(Date.now() / 1000 + 0.5).toFixed(3)}`;
      await subject.engine.followEvents(
        `/events?${range}&${filters({ type: ['service'] })}`,
        {
          onEvent(event) {
            const { Action: action, Actor: actor } = event as EngineEvent;
            if (actor.ID === id) seen.push(action);
          },
        },
        AbortSignal.timeout(subject.limitMs),
      );
      deepEqual(seen, ['create', 'remove']);
    },
  },
  {
    claim: 'tasks run in slots on nodes, with an address and mask on each network',
    check: (subject) =>
      withService(subject, 'contract-tasks', 2, async ({ ID: id }) => {
        const tasks = await until(subject, 'two running tasks', async () => {
          const found = (await tasksOf(subject, 'contract-tasks')).filter(
            (task) => task.Status.State === 'running',
          );
          return found.length === 2 ? found : undefined;
        });
        const nodes = ids(await subject.engine.call('GET', '/nodes'));
        deepEqual(tasks.map((task) => task.Slot).sort(), [1, 2]);
        for (const task of tasks) {
          equal(task.ServiceID, id);
          equal(task.DesiredState, 'running');
          ok(nodes.includes(task.NodeID ?? ''));
          const attachment = task.NetworksAttachments?.find(
            (one) => one.Network.Spec.Name === subject.network,
          );
          match(attachment?.Addresses?.[0] ?? '', /^[0-9.]+\/[0-9]+$/);
        }
        const upToDate = filters({
          service: [id],
          '_up-to-date': ['true'],
          'desired-state': ['running', 'accepted'],
        });
        equal(ids(await subject.engine.call('GET', `/tasks?${upToDate}`)).length, 2);
      }),
  },
  {
    claim:
      'tasks of a service that is scaled down are wanted no longer, and those of one that is gone vanish',
    async check(subject) {
      let id = '';
      await withService(subject, 'contract-scale', 2, async (service) => {
        id = service.ID;
        const running = (count: number) => async () =>
          (await tasksOf(subject, id)).length === count ? true : undefined;
        await until(subject, 'two tasks', running(2));
        const newest = await inspect(subject, id);
        await update(subject, newest, { ...newest.Spec, Mode: { Replicated: { Replicas: 0 } } });
        await until(subject, 'no task', running(0));
      });
      await until(subject, 'the end of its last task', async () => {
        const tasks = (await subject.engine.call('GET', '/tasks')).body as readonly EngineTask[];
        return tasks.some((task) => task.ServiceID === id) ? undefined : true;
      });
    },
  },
  {
    claim: 'a global service has tasks without slot, one per node',
    async check(subject) {
      const spec = { ...specOf(subject, 'contract-global'), Mode: { Global: {} } };
      try {
        equal((await subject.engine.call('POST', '/services/create', spec)).status, 201);
        const nodes = ids(await subject.engine.call('GET', '/nodes'));
        const tasks = await until(subject, 'a task on each node', async () => {
          const found = await tasksOf(subject, 'contract-global');
          return found.length === nodes.length ? found : undefined;
        });
        deepEqual(tasks.map((task) => task.NodeID ?? '').sort(), [...nodes].sort());
        ok(tasks.every((task) => task.Slot === undefined || task.Slot === 0));
        const service = await inspect(subject, 'contract-global');
        deepEqual(service.Spec.Mode, { Global: {} });
      } finally {
        await subject.engine.call('DELETE', '/services/contract-global');
      }
    },
  },
  {
    claim: 'nodes say who and where they are, and are found by id',
    async check({ engine }) {
      const [first] = (await engine.call('GET', '/nodes')).body as readonly EngineNode[];
      ok(first);
      deepEqual((await engine.call('GET', `/nodes/${first.ID}`)).body, first);
      deepEqual(
        [first.Spec.Role, first.Spec.Availability, first.Status.State, first.ManagerStatus?.Reachability],
        ['manager', 'active', 'ready', 'reachable'],
      );
      match(first.Status.Addr, /^[0-9.]+$/);
      ok(first.Description.Hostname !== '');
      const managers = await engine.call('GET', `/nodes?${filters({ role: ['manager'] })}`);
      ok(ids(managers).includes(first.ID));
    },
  },
  {
    claim: 'the engine says which API version it speaks, and refuses a newer one with 400',
    async check({ engine }) {
      const { ApiVersion: version } = (await engine.call('GET', '/version')).body as { ApiVersion: string };
      match(version, /^1\.[0-9]+$/);
      equal((await engine.call('GET', `/v${version}/services`)).status, 200);
      const newer = await engine.call('GET', '/v1.999/services');
      equal(newer.status, 400);
      match(message(newer), /client version 1\.999 is too new/);
    },
  },
];
