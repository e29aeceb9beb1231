import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { silentLogger } from '@docker-flow/daemon/log/logger';
import pg from 'pg';
import type { People } from '../ports.js';
import { createFakePeople } from '../testing/people.fake.js';
import { createPostgresPeople } from './postgres-people.js';
import { createSqlitePeople } from './sqlite-people.js';

const folder = mkdtempSync(path.join(tmpdir(), 'demo-people-'));
const programs = findPostgres();
let server: ChildProcess | undefined;

const postgresUrl = `postgres://demo@localhost/postgres?host=${encodeURIComponent(folder)}`;
const databases: [string, () => People][] = [
  ['memory (the fake)', createFakePeople],
  ['an SQLite file', () => createSqlitePeople(path.join(folder, 'sqlite', 'people.sqlite'))],
];
if (programs)
  databases.push(['a PostgreSQL server', () => createPostgresPeople(postgresUrl, silentLogger())]);

beforeAll(async () => {
  if (programs) await startPostgres(programs);
});

afterAll(async () => {
  if (server) await endOf(server);
  rmSync(folder, { recursive: true, force: true });
});

describe.each(databases)('people in %s', (_name, create) => {
  const people = create();
  beforeAll(() => people.prepare());
  afterAll(() => people.close());

  test('are remembered, once each, and listed by the bytes of their names', async () => {
    for (const name of ['ada', 'Zoë', 'Bob', 'ada', "x'); DROP TABLE people;--", 'Élise', '🚀', '！'])
      await people.put({ name });
    const names = (await people.list()).map(({ name }) => name);
    expect(names).toEqual(['Bob', 'Zoë', 'ada', "x'); DROP TABLE people;--", 'Élise', '！', '🚀']);
  });

  test('are found by their exact name', async () => {
    await expect(people.find('ada')).resolves.toEqual({ name: 'ada' });
    await expect(people.find('Ada')).resolves.toBeUndefined();
  });

  test('survive another preparation', async () => {
    await people.prepare();
    await expect(people.find('Bob')).resolves.toEqual({ name: 'Bob' });
  });
});

test('two processes may share one SQLite file', async () => {
  const file = path.join(folder, 'shared.sqlite');
  const [one, other] = [createSqlitePeople(file), createSqlitePeople(file)];
  await Promise.all([one.prepare(), other.prepare()]);
  await Promise.all([one.put({ name: 'a' }), other.put({ name: 'b' })]);
  await expect(one.list()).resolves.toEqual([{ name: 'a' }, { name: 'b' }]);
  await one.close();
  await other.close();
});

test('a file that is no database is a failure of the preparation', async () => {
  const people = createSqlitePeople('/etc/passwd');
  await expect(people.prepare()).rejects.toThrow(/not a database/);
});

test('a PostgreSQL server that is not there fails the question and nothing else', async () => {
  const people = createPostgresPeople('postgres://demo@127.0.0.1:1/people', silentLogger());
  await expect(people.list()).rejects.toThrow(/ECONNREFUSED/);
  await people.close();
});

if (programs) {
  test('replicas that start together on an empty PostgreSQL server all get ready, again and again', async () => {
    const replicas = Array.from({ length: 4 }, () => createPostgresPeople(postgresUrl, silentLogger()));
    for (let round = 0; round < 20; round += 1) {
      await administer('DROP TABLE IF EXISTS people');
      await expect(Promise.all(replicas.map((people) => people.prepare()))).resolves.toHaveLength(4);
    }
    await Promise.all(replicas.map((people) => people.close()));
  });

  test('a PostgreSQL server that came back empty is used as it is', async () => {
    const people = createPostgresPeople(postgresUrl, silentLogger());
    await people.prepare();
    await people.put({ name: 'before' });
    await administer('DROP TABLE people');
    await people.put({ name: 'after' });
    await expect(people.list()).resolves.toEqual([{ name: 'after' }]);
    await people.close();
  });

  test('connections that the PostgreSQL server ended are replaced', async () => {
    const people = createPostgresPeople(postgresUrl, silentLogger());
    await people.prepare();
    await administer(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'docker-flow-demo'",
    );
    await people.put({ name: 'later' }).catch(() => people.put({ name: 'later' }));
    await expect(people.find('later')).resolves.toEqual({ name: 'later' });
    await people.close();
  });
}

/** The newest PostgreSQL of Debian's packages, or nothing where none is installed. */
function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => path.join(root, version, 'bin'))
    .find((bin) => existsSync(path.join(bin, 'initdb')));
}

/** PostgreSQL refuses to run as root, so root lends it the user that its package made. */
async function startPostgres(bin: string): Promise<void> {
  const data = path.join(folder, 'postgres');
  const user = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {};
  if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
  execFileSync(
    path.join(bin, 'initdb'),
    ['-D', data, '-U', 'demo', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    {
      stdio: 'ignore',
      ...user,
    },
  );
  const settings = {
    listen_addresses: '',
    unix_socket_directories: folder,
    fsync: 'off',
    shared_buffers: '1MB',
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  server = spawn(path.join(bin, 'postgres'), ['-D', data, ...flags], { stdio: 'ignore', ...user });
  for (;;) {
    if (
      await administer('SELECT 1').then(
        () => true,
        () => false,
      )
    )
      return;
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function endOf(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGINT'); // PostgreSQL's fast shutdown
  await ended;
}
