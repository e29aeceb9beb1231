import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');
const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
const bake = textOf('docker-bake.hcl');

/** The targets of the bake file that are images: what they are built from. */
const targets = [...bake.matchAll(/^target "([\w-]+)" \{\n((?: .*\n)*)\}/gm)]
  .map(([, name = '', body = '']) => ({
    name,
    inherits: /inherits += \["(.+)"\]/.exec(body)?.[1],
    dockerfile: /dockerfile += "(.+)"/.exec(body)?.[1],
    image: /tags += image\("(.+)"\)/.exec(body)?.[1],
    about: /labels += about\("(.+?)"/.exec(body)?.[1],
    given: [...(/args += \{(.*)\}/.exec(body)?.[1] ?? '').matchAll(/(\w+) = (\w+)/g)].map(
      ([, key, value]) => [key, value],
    ),
  }))
  .filter(({ dockerfile }) => dockerfile !== undefined);

const defaults: Readonly<Record<string, string>> = Object.fromEntries(
  [...bake.matchAll(/^variable "(\w+)" \{\n {2}default = "(.*)"\n\}/gm)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  ),
);

test('every Dockerfile is built, and every target is an image of its name', () => {
  const files = readdirSync(path.join(root, 'docker')).filter((name) => name.endsWith('.Dockerfile'));
  expect(targets.map(({ dockerfile }) => dockerfile).sort()).toEqual(
    files.map((name) => `docker/${name}`).sort(),
  );
  for (const { name, inherits, image, about } of targets)
    expect([inherits, image, about]).toEqual(['every-image', name, name]);
});

test('all of them are built when nothing is named, as by scripts/build-images', () => {
  const group =
    /group "default" \{\n {2}targets = \[(.*)\]/.exec(bake)?.[1]?.replaceAll('"', '').split(', ') ?? [];
  expect(group.sort()).toEqual(targets.map(({ name }) => name).sort());
  const script = textOf('scripts/build-images');
  const programs = ['all', 'named'].flatMap(
    (kind) => new RegExp(`^readonly ${kind}_programs=\\((.*)\\)`, 'm').exec(script)?.[1]?.split(' ') ?? [],
  );
  const others = /^readonly others=\((.*?)\)/m.exec(script)?.[1]?.split(' ') ?? [];
  expect(others).not.toEqual([]);
  expect(programs.filter((name) => !others.includes(name)).sort()).toEqual(group);
});

test.each(targets)(
  '$name: every argument it is given is one of its Dockerfile, and the other way round',
  ({ dockerfile = '', given }) => {
    const args = [...textOf(dockerfile).matchAll(/^ARG (\w+_IMAGE)=/gm)].map(([, name]) => name);
    expect(['BASE_IMAGE', ...given.map(([key]) => key)].sort()).toEqual(args.sort());
    for (const [key, value] of given) expect(value).toBe(key);
  },
);

test('base images are those of scripts/lib/image-versions.sh', () => {
  const pinned = [
    ...textOf('scripts/lib/image-versions.sh').matchAll(/^readonly default_(\w+_image)=(\S+)$/gm),
  ]
    .map(([, name = '', image = '']): [string, string] => [name.toUpperCase(), image])
    .filter(([name]) => name !== 'ALERTMANAGER_IMAGE' && name !== 'CADVISOR_IMAGE');
  expect(pinned).toHaveLength(3);
  expect(pinned).toEqual(pinned.map(([name]) => [name, defaults[name]]));
});

test('images are for two architectures, with SBOM and provenance, unless a builder cannot', () => {
  expect(defaults['PLATFORMS']).toBe('linux/amd64,linux/arm64');
  expect(defaults['ATTEST']).toBe('yes');
  expect(bake).toContain('["type=provenance,mode=max", "type=sbom"]');
});

test('the first stage is the same in all Dockerfiles, so that BuildKit builds it once', () => {
  const stages = targets.map(
    ({ dockerfile = '' }) => /^FROM \S+ AS build\n[^]*?(?=^# This program)/m.exec(textOf(dockerfile))?.[0],
  );
  expect(stages[0]).toContain('pnpm fetch');
  expect(new Set(stages).size).toBe(1);
});
