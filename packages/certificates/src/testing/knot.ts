import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Resolver } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep } from '@docker-flow/daemon/concurrency/sleep';
import { freePorts } from '@docker-flow/testkit';

/** A real name server for one zone that takes signed updates: Debian's knot. */
export interface Knot {
  readonly port: number;
  readonly key: { readonly name: string; readonly algorithm: string; readonly secret: Buffer };
  /** All values of a TXT record, sorted. */
  txt(name: string): Promise<readonly string[]>;
  stop(): Promise<void>;
}

const SECRET = 'c2VjcmV0LW9mLXRoZS11cGRhdGUta2V5LTAxMjM0NTY=';

/** @throws {Error} when knot is not installed or does not start */
export async function startKnot(zone: string): Promise<Knot> {
  const [port = 0] = await freePorts(1);
  const directory = mkdtempSync(path.join(tmpdir(), 'knot-'));
  mkdirSync(path.join(directory, 'run'));
  writeFileSync(
    path.join(directory, `${zone}.zone`),
    `$ORIGIN ${zone}.\n@ 60 SOA ns hostmaster 1 60 60 60 60\n@ 60 NS ns\nns 60 A 127.0.0.1\n`,
  );
  writeFileSync(
    path.join(directory, 'knot.conf'),
    `server:
    listen: 127.0.0.1@${port}
    rundir: ${directory}/run
database:
    storage: ${directory}/run
key:
  - id: acme-key
    algorithm: hmac-sha256
    secret: ${SECRET}
acl:
  - id: acme
    key: acme-key
    action: update
    update-type: TXT
    update-owner: name
    update-owner-match: equal
    update-owner-name: [_acme-challenge, _acme-challenge.deep]
zone:
  - domain: ${zone}
    storage: ${directory}
    file: ${zone}.zone
    acl: acme
    zonefile-sync: -1
`,
  );
  const child = spawn('knotd', ['-c', path.join(directory, 'knot.conf')], { stdio: 'ignore' });
  child.on('error', () => undefined);
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  for (let tries = 0; ; tries += 1) {
    if (
      await resolver.resolveSoa(zone).then(
        () => true,
        () => false,
      )
    )
      break;
    if (tries > 200) throw new Error('knot does not answer: is it installed?');
    await sleep(50);
  }
  return {
    port,
    key: { name: 'acme-key', algorithm: 'hmac-sha256', secret: Buffer.from(SECRET, 'base64') },
    txt: async (name) =>
      (await resolver.resolveTxt(name).catch(() => [])).map((parts) => parts.join('')).sort(),
    async stop() {
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGKILL');
      await ended;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
