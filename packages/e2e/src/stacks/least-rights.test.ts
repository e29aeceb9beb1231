import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { readStackFile, type StackFile, type StackService } from '../harness/swarm/stack-file.js';

/** What the files for production give to each program, and no more. Which of it can be reached is tested on a Swarm. */

const stacksDir = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../stacks');
const all = readdirSync(stacksDir).filter((name) => name.endsWith('.yml'));
const ofProduction = ['production.yml', 'certificates-production.yml'];

function stack(file: string): StackFile {
  return readStackFile(readFileSync(path.join(stacksDir, file), 'utf8'), { MONITOR_PASSWORD: 'x' });
}

function volumesOf({ volumes = [] }: StackService): readonly string[] {
  return volumes.filter((one) => typeof one === 'string');
}

/** Its image writes its own configuration when it starts. */
const ofOthers = ['docker-read'];
const hardened = ofProduction.flatMap((file) =>
  Object.entries(stack(file).services)
    .filter(([name]) => !ofOthers.includes(name))
    .map(([name, service]) => ({ file, name, service })),
);

test.each(hardened)('$name of $file cannot write its root file system', ({ service }) => {
  expect(service.read_only).toBe(true);
});

test.each(hardened)('$name of $file has the capabilities that it needs', ({ name, service }) => {
  expect(service.cap_drop).toEqual(['ALL']);
  const needed = name === 'proxy' ? ['CHOWN', 'KILL', 'NET_BIND_SERVICE', 'SETGID', 'SETUID'] : [];
  expect(service.cap_add ?? []).toEqual(needed);
});

describe('in production', () => {
  const { services, networks } = stack('production.yml');
  const named = Object.entries(services);
  const on = (network: string) =>
    named.filter(([, { networks: own = [] }]) => [own].flat().includes(network)).map(([name]) => name);

  test('Docker is reached by two programs that let through what is asked for, and by nobody else', () => {
    const withSocket = named.filter(([, one]) => volumesOf(one).some((volume) => volume.includes('docker.sock')));
    expect(withSocket.map(([name]) => name)).toEqual(['docker-read', 'docker-guard']);
    expect([on('docker-read'), on('docker-write')]).toEqual([
      ['docker-read', 'swarm-listener'],
      ['docker-guard', 'scaler'],
    ]);
    expect([networks['docker-read'], networks['docker-write']]).toEqual([
      { driver: 'overlay', internal: true },
      { driver: 'overlay', internal: true },
    ]);
  });

  test('services share a network with the proxy, or with the monitor, and with nothing else of it', () => {
    expect([on('proxy'), on('monitor')]).toEqual([['proxy'], ['monitor']]);
  });

  test('nothing but the proxy publishes a port', () => {
    expect(named.filter(([, { ports = [] }]) => ports.length > 0).map(([name]) => name)).toEqual(['proxy']);
  });
});

test.each(all)('no program of %s is given the folder of Docker’s socket, which holds more than that', (file) => {
  const sources = Object.values(stack(file).services)
    .flatMap(volumesOf)
    .map((volume) => volume.split(':')[0]);
  expect(sources.filter((one) => one === '/var/run' || one === '/run')).toEqual([]);
});
