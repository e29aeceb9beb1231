import { startFakeDockerEngine, type FakeDockerEngine } from '@docker-flow/testkit';

/**
 * The simulated cluster, in a process of its own so that its work is not counted as the listener's. Speaks
 * with the benchmark over the channel of `child_process.fork`.
 */
export interface ClusterSize {
  readonly services: number;
  readonly tasksPerService: number;
  readonly nodes: number;
  readonly scrapeNetwork: boolean;
}

export type Order =
  | { readonly kind: 'start'; readonly size: ClusterSize }
  | { readonly kind: 'change'; readonly service: number; readonly mark: string }
  | { readonly kind: 'create'; readonly name: string; readonly mark: string }
  /** A task of this service gets another address. */
  | { readonly kind: 'move task'; readonly service: number }
  | { readonly kind: 'calls' };

export type Report =
  | { readonly kind: 'started'; readonly dockerHost: string }
  | { readonly kind: 'done'; readonly atMs: number }
  | { readonly kind: 'moved'; readonly atMs: number; readonly address: string }
  | { readonly kind: 'calls'; readonly count: number };

/** About as long as what Docker sends of a service or task with a few settings. */
const PADDING = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [
    `setting-${i}`,
    `a value of usual length, number ${i}, and a bit more`,
  ]),
);

function specOf(index: number, { tasksPerService, scrapeNetwork }: ClusterSize, mark: string) {
  return {
    Name: `service-${index}`,
    Labels: {
      'com.df.notify': 'true',
      'com.df.servicePath': `/service-${index}`,
      'com.df.port': '8080',
      'com.df.mark': mark,
      ...(scrapeNetwork ? { 'com.df.scrapeNetwork': 'monitor' } : {}),
    },
    Mode: { Replicated: { Replicas: tasksPerService } },
    TaskTemplate: {
      ContainerSpec: { Image: 'registry.example.com/team/image:1.2.3', Labels: PADDING },
      Networks: [{ Target: 'monitor' }],
    },
    UpdateConfig: { Parallelism: 1, Monitor: 5_000_000_000 },
  };
}

function answer(report: Report): void {
  process.send?.(report);
}

function main(): void {
  let engine: FakeDockerEngine | undefined;
  let size: ClusterSize = { services: 0, tasksPerService: 1, nodes: 1, scrapeNetwork: false };
  process.on('message', (order: Order) => {
    void obey(order);
  });
  let moves = 0;
  function moveTask(service: number): { atMs: number; address: string } {
    const [task] = engine?.tasks(`service-${service}`) ?? [];
    const [attachment] = task?.NetworksAttachments ?? [];
    if (!engine || !task || !attachment) throw new Error(`service-${service} has no task`);
    moves += 1;
    const address = `10.200.${moves >> 8}.${moves & 255}`;
    const atMs = performance.timeOrigin + performance.now();
    engine.changeTask(task.ID, { NetworksAttachments: [{ ...attachment, Addresses: [`${address}/16`] }] });
    return { atMs, address };
  }
  async function obey(order: Order): Promise<void> {
    if (order.kind === 'start') {
      size = order.size;
      engine = await startFakeDockerEngine({ nodes: size.nodes });
      for (let index = 0; index < size.services; index += 1) engine.createService(specOf(index, size, '0'));
      answer({ kind: 'started', dockerHost: engine.dockerHost });
    } else if (order.kind === 'move task') answer({ kind: 'moved', ...moveTask(order.service) });
    else if (order.kind === 'calls') answer({ kind: 'calls', count: engine?.calls.length ?? 0 });
    else {
      const atMs = performance.timeOrigin + performance.now();
      if (order.kind === 'change')
        engine?.changeService(`service-${order.service}`, {
          Labels: specOf(order.service, size, order.mark).Labels,
        });
      else engine?.createService({ ...specOf(0, size, order.mark), Name: order.name });
      answer({ kind: 'done', atMs });
    }
  }
}

main();
