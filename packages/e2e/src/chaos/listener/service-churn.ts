import type { EngineClient, EngineService, ServiceSpec } from '@docker-flow/testkit';
import type { Random } from '../random.js';

/** People and programs that change services all the time, through whichever manager answers. */
export interface Churn {
  /** One change; answers what it was, or why it did not come about. */
  change(): Promise<{ readonly done: string } | { readonly failed: string }>;
}

export interface ChurnOptions {
  readonly managers: readonly EngineClient[];
  readonly random: Random;
  readonly image: string;
  /** An overlay network, for services with node information. */
  readonly network: string;
}

const STACK = 'chaos';
const NAMES = Array.from({ length: 24 }, (_, i) => `${STACK}_service-${i}`);
const VALUES = ['/a', '/b/c', 'two words', 'ä ö ü 😀', '', '100%&more=1', 'line\nbreak'];
type Change = 'create' | 'remove' | 'scale' | 'relabel' | 'hide or show' | 'rename';
const CHANGES: readonly Change[] = [
  'create',
  'create',
  'remove',
  'scale',
  'scale',
  'relabel',
  'relabel',
  'relabel',
  'hide or show',
  'rename',
];

export function createChurn({ managers, random, image, network }: ChurnOptions): Churn {
  let marks = 0;

  function newLabels(name: string): Record<string, string> {
    // Every third waits until its tasks run, and says where they are.
    const informed = NAMES.indexOf(name) % 3 === 0;
    return {
      'com.df.notify': 'true',
      'com.df.mark': 'new',
      'com.docker.stack.namespace': STACK,
      ...(informed ? { 'com.df.scrapeNetwork': network } : {}),
    };
  }

  function newSpec(name: string): object {
    return {
      Name: name,
      Labels: newLabels(name),
      TaskTemplate: {
        ContainerSpec: { Image: image },
        Networks: [{ Target: network }],
        RestartPolicy: { Condition: 'any', Delay: 500_000_000 },
      },
      Mode: { Replicated: { Replicas: random.pick([0, 0, 1, 2]) } },
      UpdateConfig: { Parallelism: 1, Monitor: 500_000_000 },
      EndpointSpec: { Mode: 'dnsrr' },
    };
  }

  function changed(spec: ServiceSpec, change: Change): ServiceSpec {
    const labels = { ...spec.Labels };
    marks += 1;
    switch (change) {
      case 'scale':
        return { ...spec, Mode: { Replicated: { Replicas: random.pick([0, 0, 1, 2]) } } };
      case 'relabel':
        labels['com.df.mark'] = String(marks);
        labels[`com.df.path.${random.below(3)}`] = random.pick(VALUES);
        break;
      case 'hide or show':
        labels['com.df.notify'] = random.pick(['true', 'true', 'false']);
        break;
      case 'rename':
        labels['com.df.shortName'] = random.pick(['true', 'false']);
        break;
      case 'create':
      case 'remove':
    }
    return { ...spec, Labels: labels };
  }

  async function attempt(engine: EngineClient, change: Change, name: string) {
    const found = await engine.call('GET', `/services/${name}`);
    if (found.status === 404) return engine.call('POST', '/services/create', newSpec(name));
    if (found.status !== 200) return found;
    if (change === 'remove') return engine.call('DELETE', `/services/${name}`);
    const service = found.body as EngineService;
    const version = service.Version.Index;
    return engine.call(
      'POST',
      `/services/${service.ID}/update?version=${version}`,
      changed(service.Spec, change),
    );
  }

  return {
    async change() {
      const [manager, change, name] = [random.pick(managers), random.pick(CHANGES), random.pick(NAMES)];
      try {
        const answer = await attempt(manager, change, name);
        const good = answer.status === 200 || answer.status === 201;
        return good ? { done: `${change} ${name}` } : { failed: `${answer.status} ${answer.text.trim()}` };
      } catch (error) {
        return { failed: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}
