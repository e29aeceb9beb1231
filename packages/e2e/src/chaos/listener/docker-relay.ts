import { connect, createServer, type Socket } from 'node:net';

/** Stands between a program and a Docker socket, and can do to its connections what networks do. */
export interface DockerRelay {
  readonly dockerHost: string;
  /** Breaks every connection, event streams first of all. */
  cut(): number;
  /** Connections that are open now stay open and nothing comes any more; new ones work. */
  silence(): number;
  stop(): void;
}

export async function startDockerRelay(path: string, dockerSocket: string): Promise<DockerRelay> {
  const pairs = new Set<readonly [near: Socket, far: Socket]>();
  const server = createServer((near) => {
    const far = connect(dockerSocket);
    const pair = [near, far] as const;
    pairs.add(pair);
    for (const [one, other] of [pair, [far, near] as const]) {
      one.pipe(other);
      one.on('error', () => undefined);
      one.on('close', () => {
        other.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(path, () => resolve()));
  function cut(): number {
    const open = [...pairs];
    for (const [near] of open) near.destroy();
    return open.length;
  }
  return {
    dockerHost: `unix://${path}`,
    cut,
    silence() {
      for (const [near, far] of pairs) {
        far.unpipe(near);
        near.unpipe(far);
        // Read on, or the kernel's buffers would fill and Docker notice.
        far.resume();
        near.resume();
      }
      return pairs.size;
    },
    stop() {
      cut();
      server.close();
    },
  };
}
