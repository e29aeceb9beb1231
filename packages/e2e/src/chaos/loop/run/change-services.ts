import type { EngineService, EngineTask, ServiceSpec } from '@docker-flow/testkit';
import { until } from '../../../harness/until.js';
import { actionInWords, type Action } from '../plan/actions.js';
import { labelsOf, SCRAPE_NETWORK, type WalkedService } from '../plan/walked-service.js';
import { containersOf, runInside } from './containers.js';
import type { Nodes } from './nodes.js';

export interface ChangeDeps {
  readonly nodes: Nodes;
  readonly image: string;
  readonly say: (line: string) => void;
}

/** Bash is started in no time; Node, every few seconds in each task, would keep the machine busy. */
const HEALTHY =
  'exec 3<>/dev/tcp/127.0.0.1/8080 && printf "GET /healthz HTTP/1.0\\r\\n\\r\\n" >&3 && grep -q " 200 " <&3';
const SECOND_NS = 1_000_000_000;

/** Does it, as often as it takes while managers come and go. Webhooks are sent once, as Alertmanager would: what is refused is refused. */
export async function perform(action: Action, deps: ChangeDeps): Promise<void> {
  deps.say(actionInWords(action));
  if (action.what === 'webhooks') return sendWebhooks(action, deps);
  await until(actionInWords(action), async () => {
    const refusal = await attempt(action, deps);
    return refusal === undefined ? { done: true } : { notYet: refusal };
  });
}

/** Why it did not come about, if it did not. */
async function attempt(
  action: Exclude<Action, { what: 'webhooks' }>,
  { nodes, image }: ChangeDeps,
): Promise<string | undefined> {
  const name = action.what === 'remove' ? action.name : action.service.name;
  const found = await nodes.ask('GET', `/services/${name}`);
  if (found.status !== 200 && found.status !== 404) return found.text;
  // An answer may have been lost after the work was done.
  if (action.what === 'remove') {
    if (found.status === 404) return undefined;
    const { status, text } = await nodes.ask('DELETE', `/services/${name}`);
    return status === 200 ? undefined : text;
  }
  if (found.status === 404) {
    if (action.what !== 'create') return `service ${name} is not there yet`;
    const { status, text } = await nodes.ask('POST', '/services/create', newSpec(action.service, image));
    return status === 201 ? undefined : text;
  }
  const service = found.body as EngineService;
  const unrest = await unrestOf(service, nodes);
  if (unrest !== undefined) return unrest;
  const spec = changedSpec(service.Spec, action.what, action.service);
  const path = `/services/${service.ID}/update?version=${service.Version.Index}`;
  const { status, text } = await nodes.ask('POST', path, spec);
  return status === 200 ? undefined : text;
}

/**
 * Why the service should not be changed yet. Swarm stops tasks that run while the new ones are not healthy when it is told
 * anything in the middle of an update, new labels too: then nobody can answer, and that says nothing of the proxy.
 */
async function unrestOf({ Spec: spec }: EngineService, nodes: Nodes): Promise<string | undefined> {
  const filters = JSON.stringify({ service: [spec.Name], 'desired-state': ['running'] });
  const { status, text, body } = await nodes.ask('GET', `/tasks?filters=${encodeURIComponent(filters)}`);
  if (status !== 200) return text;
  const wanted = JSON.stringify(spec.TaskTemplate?.ContainerSpec?.['Env']);
  const ready = (body as readonly EngineTask[]).filter(
    (task) => task.Status.State === 'running' && JSON.stringify(task.Spec?.ContainerSpec?.['Env']) === wanted,
  );
  const count = spec.Mode?.Replicated?.Replicas ?? 0;
  return ready.length === count ? undefined : `${spec.Name} runs ${ready.length} of ${count} tasks`;
}

/** A service as users write one: a health check, an update that starts the new task first, a limit of memory. */
function newSpec(service: WalkedService, image: string): ServiceSpec {
  return {
    Name: service.name,
    Labels: labelsOf(service),
    TaskTemplate: {
      ContainerSpec: {
        Image: image,
        Env: ['DB=/tmp/demo.sqlite', `VERSION=${service.version}`],
        Healthcheck: {
          Test: ['CMD', 'bash', '-c', HEALTHY],
          // Each check starts several processes: more often, a small machine would do little else.
          Interval: 5 * SECOND_NS,
          Timeout: 10 * SECOND_NS,
          Retries: 3,
        },
      },
      Networks: [{ Target: 'proxy' }, { Target: SCRAPE_NETWORK }],
      Resources: { Limits: { MemoryBytes: 192 * 1024 * 1024 } },
      RestartPolicy: { Condition: 'any', Delay: SECOND_NS / 2 },
    },
    Mode: { Replicated: { Replicas: service.replicas } },
    UpdateConfig: { Parallelism: 1, Order: 'start-first', Monitor: SECOND_NS, FailureAction: 'continue' },
    EndpointSpec: { Mode: 'dnsrr' },
  };
}

/** Only what the action is about: counts are the scaler's business, too. */
function changedSpec(
  spec: ServiceSpec,
  what: 'create' | 'relabel' | 'scale' | 'redeploy',
  service: WalkedService,
): ServiceSpec {
  if (what === 'scale') return { ...spec, Mode: { Replicated: { Replicas: service.replicas } } };
  if (what !== 'redeploy') return { ...spec, Labels: labelsOf(service) };
  const container = spec.TaskTemplate?.ContainerSpec;
  const env = ['DB=/tmp/demo.sqlite', `VERSION=${service.version}`];
  return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...container, Env: env } } };
}

const SEND = `
const [service, ...directions] = process.argv.slice(1);
let token = '';
try { token = require('node:fs').readFileSync('/run/secrets/scaler_token', 'utf8').trim(); } catch {}
const headers = { 'content-type': 'application/json', authorization: 'Bearer ' + token };
Promise.all(directions.map(async (scale) => {
  const body = JSON.stringify({ status: 'firing', receiver: 'scaler', groupLabels: { service, scale } });
  const signal = AbortSignal.timeout(10000);
  const answer = await fetch('http://127.0.0.1:8080/v1/scale-service', { method: 'POST', headers, body, signal });
  return scale + ' ' + answer.status;
})).then((all) => process.stdout.write(all.join(', ')));
`;

/** From beside the scaler, all at once: they arrive in any order. */
async function sendWebhooks(
  { name, directions }: Extract<Action, { what: 'webhooks' }>,
  { nodes, say }: ChangeDeps,
): Promise<void> {
  const [container] = await containersOf(nodes, 'scaler');
  const outcome = container
    ? await runInside(container, SEND, name, ...directions).catch(() => 'the scaler did not answer')
    : 'no scaler runs';
  say(`webhooks for ${name}: ${outcome}`);
}
