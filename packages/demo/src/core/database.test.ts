import { expect, test } from '@jest/globals';
import { describeDatabase, readDatabase } from './database.js';

test.each(['postgres://demo:secret@db:5432/people', 'postgresql://db/people?sslmode=require'])(
  '%s is a PostgreSQL server',
  (url) => expect(readDatabase(url)).toEqual({ ok: true, value: { kind: 'postgres', url } }),
);

test('an absolute path is an SQLite file', () =>
  expect(readDatabase('/data/demo.sqlite')).toEqual({
    ok: true,
    value: { kind: 'sqlite', file: '/data/demo.sqlite' },
  }));

test.each(['go-demo_db', 'mongodb://db', 'data/demo.sqlite', 'postgres://[', ''])(
  '%j is no database that the demo knows',
  (text) => expect(readDatabase(text)).toMatchObject({ ok: false }),
);

test('the description of a server has neither user nor password', () =>
  expect(describeDatabase({ kind: 'postgres', url: 'postgres://demo:secret@db:5433/people' })).toBe(
    'PostgreSQL db:5433/people',
  ));
