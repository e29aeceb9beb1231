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
/** Canaries and normalised paths may cost 3 %. */
const LEAST_SHARE = 0.97;
const PER_SECOND = 200;
const SECONDS = 5;

type WithServer = <T>(work: (port: number) => Promise<T>) => Promise<T>;

/** What canaries and normalised paths cost, in requests for each second of HAProxy's processor time. */
export function features(withProxy: WithProxy): Promise<readonly Figure[]> {
  return withServer(async (port) => {
    const plain = await withProxy((proxy) => speedWith(proxy, port), { NORMALIZE_PATHS: 'false' });
    const normalised = await withProxy((proxy) => speedWith(proxy, port));
    const canaries = await withProxy((proxy) =>
      speedWith(proxy, port, async () => {
        for (const i of ASKED)
          accepted(
            await proxy.reconfigure(
              serviceParameters(`${i}-canary`, {
                port: String(port),
                servicePath: `/service-${i}/`,
                canaryOf: `service-${i}`,
                canaryWeight: '10',
              }),
            ),
          );
      }),
    );
    const unit = 'of the requests';
    return [
      {
        what: 'normalised paths, with 1,000 routes',
        value: normalised / plain,
        unit: `${unit} without`,
        atLeast: LEAST_SHARE,
      },
      {
        what: 'canaries of the services that are asked',
        value: canaries / normalised,
        unit: `${unit} without`,
        atLeast: LEAST_SHARE,
      },
    ];
  });
}

async function speedWith(proxy: ProxyProcess, port: number, more = () => Promise.resolve()): Promise<number> {
  const tell = (i: number) => proxy.reconfigure(serviceParameters(i, { port: String(port) })).then(accepted);
  await Promise.all(Array.from({ length: ROUTES }, (_, i) => tell(i)));
  await more();
  return speedOf(proxy, PATHS);
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
