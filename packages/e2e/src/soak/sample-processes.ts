import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { parentOf, residentMegabytes } from '@docker-flow/testkit';
import type { SampledFigure } from './drift.js';

/** Memory and descriptors of a program, and of the server that it runs as a child. */
export function programFigures(name: string, pid: number): readonly SampledFigure[] {
  const children = processesBelow(pid);
  const haproxies = children.filter((child) => commandOf(child) === 'haproxy');
  const prometheus = children.find((child) => commandOf(child) === 'prometheus');
  const flat = { mayGrow: false };
  return [
    { name: `${name}: memory`, unit: 'MB', value: residentMegabytes(pid), ...flat },
    { name: `${name}: descriptors`, unit: 'descriptors', value: descriptorsOf(pid), ...flat },
    ...(name === 'proxy-configurator'
      ? [
          { name: 'HAProxy: processes', unit: 'processes', value: haproxies.length, ...flat },
          {
            name: 'HAProxy: memory of all processes',
            unit: 'MB',
            // One that ended since it was listed holds nothing.
            value: haproxies.reduce((sum, one) => sum + (residentMegabytes(one) || 0), 0),
            ...flat,
          },
        ]
      : []),
    ...(prometheus === undefined
      ? []
      : [
          // What it has scraped is in its memory for two hours.
          { name: 'Prometheus: memory', unit: 'MB', value: residentMegabytes(prometheus), mayGrow: true },
          { name: 'Prometheus: descriptors', unit: 'descriptors', value: descriptorsOf(prometheus), ...flat },
        ]),
  ];
}

/** Bytes of all files below a folder, in megabytes; those that vanish meanwhile do not count. */
export function folderMegabytes(folder: string): number {
  let bytes = 0;
  for (const name of list(folder)) {
    try {
      const file = path.join(folder, name);
      const found = statSync(file);
      bytes += found.isDirectory() ? folderMegabytes(file) * 1e6 : found.size;
    } catch {
      // It is gone.
    }
  }
  return bytes / 1e6;
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function descriptorsOf(pid: number): number {
  return list(`/proc/${pid}/fd`).length;
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    return '';
  }
}

function processesBelow(root: number): readonly number[] {
  const parents = new Map<number, number | undefined>();
  for (const name of list('/proc')) if (/^\d+$/.test(name)) parents.set(Number(name), parentOf(Number(name)));
  const below = (pid: number): boolean => {
    for (let at = parents.get(pid); at !== undefined && at > 1; at = parents.get(at))
      if (at === root) return true;
    return false;
  };
  return [...parents.keys()].filter(below);
}
