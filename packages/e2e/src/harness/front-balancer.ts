import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** A load balancer before the nodes, as simple as one can be: each connection goes to the first node that takes it. */
export interface FrontBalancer {
  readonly port: number;
  stop(): Promise<void>;
}

const CONNECT_MS = 1_000;

/** Listens at `host:port` and passes on to the same port of `nodes`, or to `targetPort`. */
export async function startFrontBalancer(
  host: string,
  port: number,
  nodes: readonly string[],
  targetPort = port,
): Promise<FrontBalancer> {
  const open = new Set<Socket>();
  const keep = (socket: Socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    void firstThatConnects(nodes, targetPort).then((node) => {
      if (!node) {
        client.destroy();
        return;
      }
      keep(node);
      client.pipe(node).pipe(client);
      client.on('close', () => node.destroy());
      node.on('close', () => client.destroy());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function firstThatConnects(nodes: readonly string[], port: number): Promise<Socket | undefined> {
  for (const node of nodes) {
    const socket = await connected(node, port);
    if (socket) return socket;
  }
  return undefined;
}

function connected(host: string, port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
    const fail = () => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once('error', fail);
    socket.once('timeout', fail);
  });
}
