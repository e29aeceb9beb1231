import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { freePorts, median, type Figure } from '@docker-flow/testkit';
import { startAnsweringServer } from './answering-server.js';
import { accepted, timed, type WithProxy } from './changes.js';
import { get, type ProxyProcess } from './proxy-process.js';
import { serviceParameters } from './service.js';
import { speedOf } from './traffic.js';

const ROUTES = 1_000;
/** The services that are asked, which are the last ones in order. */
const ASKED = Array.from({ length: 10 }, (_, i) => ROUTES - 10 + i);
const PATHS = ASKED.map((i) => `/service-${i}/x`);
/** Services without a canary beside those that have one. */
const OTHERS = ASKED.map((i) => `/service-${i - 50}/x`);
/** Canaries and normalised paths may cost 3 %. */
const LEAST_SHARE = 0.97;
const ROUNDS = 5;
const PER_SECOND = 200;
const SECONDS = 5;

type WithServer = <T>(work: (port: number) => Promise<T>) => Promise<T>;

/** What canaries and normalised paths cost, in requests for each second of HAProxy's processor time. */
export function features(withProxy: WithProxy): Promise<readonly Figure[]> {
  return withServer((port) =>
    withProxy(
      (plain) =>
        withProxy((normalised) =>
          withProxy(async (withCanaries) => {
            for (const proxy of [plain, normalised, withCanaries]) await addServices(proxy, port);
            await addCanaries(withCanaries, port);
            const shares: { normalised: number; others: number; canaries: number }[] = [];
            // In turn, so that all see the same machine.
            for (let i = 0; i < ROUNDS; i += 1) {
              const [without, paths, others, canaries] = [
                await speedOf(plain, PATHS, 1),
                await speedOf(normalised, PATHS, 1),
                await speedOf(withCanaries, OTHERS, 1),
                await speedOf(withCanaries, PATHS, 1),
              ];
              shares.push({
                normalised: paths / without,
                others: others / paths,
                canaries: canaries / paths,
              });
            }
            const unit = 'of the requests without';
            return [
              {
                what: 'normalised paths, with 1,000 routes',
                value: median(shares.map(({ normalised: share }) => share)),
                unit,
                atLeast: LEAST_SHARE,
              },
              {
                what: 'ten canaries, requests to other services',
                value: median(shares.map(({ others }) => others)),
                unit,
                atLeast: LEAST_SHARE,
              },
              {
                what: '  requests to the services that have them',
                value: median(shares.map(({ canaries }) => canaries)),
                unit,
              },
            ];
          }),
        ),
      { NORMALIZE_PATHS: 'false' },
    ),
  );
}

async function addServices(proxy: ProxyProcess, port: number): Promise<void> {
  const tell = (i: number) => proxy.reconfigure(serviceParameters(i, { port: String(port) })).then(accepted);
  await Promise.all(Array.from({ length: ROUTES }, (_, i) => tell(i)));
}

async function addCanaries(proxy: ProxyProcess, port: number): Promise<void> {
  const canary = (i: number) =>
    serviceParameters(`${i}-canary`, {
      port: String(port),
      servicePath: `/service-${i}/`,
      canaryOf: `service-${i}`,
      canaryWeight: '10',
    });
  await Promise.all(ASKED.map((i) => proxy.reconfigure(canary(i)).then(accepted)));
}

/** What an auth server that answers at once adds to a request, at a rate that neither of them feels. */
export function forwardAuth(withProxy: WithProxy): Promise<readonly Figure[]> {
  return withServer((port) =>
    withProxy(async (proxy) => {
      const open = { port: String(port) };
      accepted(await proxy.reconfigure(serviceParameters('open', open)));
      const authUrl = `http://127.0.0.1:${port}/verify`;
      accepted(await proxy.reconfigure(serviceParameters('asked', { ...open, authUrl })));
      const agent = new Agent({ keepAlive: true });
      const both = { open: [] as number[], asked: [] as number[] };
      const ask = async (name: keyof typeof both) => {
        const path = `/service-${name}/`;
        both[name].push(await timed(() => get(agent, proxy.httpPort, path).then(accepted)));
      };
      const asked: Promise<void>[] = [];
      // In turn, so that both see the same machine.
      for (let i = 0; i < PER_SECOND * SECONDS; i += 1) {
        asked.push(ask(i % 2 === 0 ? 'open' : 'asked'));
        await pause(1_000 / PER_SECOND);
      }
      await Promise.all(asked);
      agent.destroy();
      const [without, withAuth] = [median(both.open), median(both.asked)];
      return [
        { what: `a request at ${PER_SECOND} a second, p50`, value: without, unit: 'ms' },
        { what: '  more with forward auth', value: withAuth - without, unit: 'ms', goal: 1.5 },
      ];
    }),
  );
}

const withServer: WithServer = async (work) => {
  const [port = 0] = await freePorts(1);
  const server = await startAnsweringServer(port);
  try {
    return await work(port);
  } finally {
    server.stop();
  }
};
