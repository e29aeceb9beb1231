import { expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import type { ListedCertificate } from './listed-certificate.js';
import type { Peers } from './peers.js';
import { createReplicaSync, type Fingerprints } from './replica-sync.js';

const PATHS = { fingerprint: '/fingerprint', certificates: '/certs', acme: '/acme' };

interface World {
  mine: Fingerprints;
  theirs: Fingerprints[];
  certificates: Partial<ListedCertificate>[];
  /** Whether the others give us their keys. */
  isKnown: boolean;
  asked: string[];
  pulls: number;
  adopted: string[];
  challenges: unknown[];
}

/** Runs until `done` says so; every wait is a millisecond. */
async function run(
  changes: Partial<World>,
  done: (world: World) => boolean,
): Promise<World & { outOfSync: number }> {
  const world: World = {
    mine: { services: 's', certificates: 'c' },
    theirs: [],
    certificates: [],
    isKnown: true,
    asked: [],
    pulls: 0,
    adopted: [],
    challenges: [],
    ...changes,
  };
  const stop = new AbortController();
  const step = () => {
    if (done(world)) stop.abort();
  };
  let outOfSync = 0;
  const sync = createReplicaSync(
    {
      peers: {
        ask(path: string) {
          world.asked.push(path);
          step();
          return Promise.resolve(
            path === PATHS.certificates
              ? [JSON.stringify({ Certs: world.certificates })]
              : world.theirs.map((one) => JSON.stringify(one)),
          );
        },
      } as unknown as Peers,
      own: () => Promise.resolve(world.mine),
      adoptCertificates(list) {
        if (world.isKnown) world.adopted.push(...list.map(({ ProxyServiceName }) => ProxyServiceName));
        return Promise.resolve(world.isKnown);
      },
      adoptChallenges: (answer) => world.challenges.push(answer),
      pullServices() {
        world.pulls += 1;
        step();
        return Promise.resolve();
      },
      onCompared: (different) => (outOfSync = different),
      logger: silentLogger(),
    },
    { paths: PATHS, firstPauseMs: 0, unknownPeerPauseMs: 1, intervalMs: 1 },
  );
  await sync.run(stop.signal);
  return { ...world, outOfSync };
}

function looks(world: World): number {
  return world.asked.filter((path) => path === PATHS.fingerprint).length;
}

test('a new replica takes the certificates of the others before it compares', async () => {
  const { asked, adopted } = await run(
    { certificates: [{ ProxyServiceName: 'a.test' }] },
    (world) => looks(world) > 0,
  );
  expect(asked.slice(0, 2)).toEqual([PATHS.certificates, PATHS.fingerprint]);
  expect(adopted).toEqual(['a.test']);
});

test('while the others do not know the new replica it goes on asking for their certificates', async () => {
  const { asked } = await run({ isKnown: false }, (world) => {
    if (world.asked.length === 5) world.isKnown = true;
    return looks(world) > 0;
  });
  expect(asked).toEqual([...Array.from({ length: 5 }, () => PATHS.certificates), PATHS.fingerprint]);
});

test('a certificate that only another replica has is copied', async () => {
  const { adopted, outOfSync } = await run(
    { theirs: [{ services: 's', certificates: 'other' }], certificates: [{ ProxyServiceName: 'b.test' }] },
    (world) => looks(world) > 1,
  );
  expect(adopted).toContain('b.test');
  expect(outOfSync).toBe(1);
});

test('whose challenges are answered is learnt from a replica that says otherwise', async () => {
  const theirs = { services: 's', certificates: 'c', acme: 'other' };
  const { challenges, pulls } = await run({ theirs: [theirs] }, (world) => world.challenges.length > 0);
  expect([challenges[0], pulls]).toEqual([theirs, 0]);
});

test('services that differ twice in the same way are asked for anew', async () => {
  const { pulls } = await run(
    { theirs: [{ services: 'other', certificates: 'c' }] },
    (world) => world.pulls > 0,
  );
  expect(pulls).toBe(1);
});

test('a difference that asking does not heal is not asked about for ever', async () => {
  const { pulls, outOfSync } = await run(
    { theirs: [{ services: 'other', certificates: 'c' }] },
    (world) => looks(world) > 8,
  );
  expect([pulls, outOfSync]).toEqual([1, 1]);
});

test('a change on its way to all replicas is no reason to ask for everything', async () => {
  const { pulls } = await run({ theirs: [{ services: '0', certificates: 'c' }] }, (world) => {
    world.theirs = [{ services: String(looks(world)), certificates: 'c' }];
    return looks(world) > 6;
  });
  expect(pulls).toBe(0);
});

test('replicas that agree are left alone', async () => {
  const { pulls, outOfSync, asked } = await run(
    { theirs: [{ services: 's', certificates: 'c' }] },
    (world) => looks(world) > 3,
  );
  expect([pulls, outOfSync]).toEqual([0, 0]);
  expect(asked.filter((path) => path === PATHS.certificates)).toHaveLength(1);
});
