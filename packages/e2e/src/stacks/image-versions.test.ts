import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readStackFile } from '../harness/swarm/stack-file.js';

const root = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../..');
const textOf = (...file: readonly string[]) => readFileSync(path.join(root, ...file), 'utf8');
const filesOf = (folder: string, end: string) =>
  readdirSync(path.join(root, folder)).filter((name) => name.endsWith(end));

/** The pinned images of scripts/lib/image-versions.sh, by the variable that names another one. */
const pinned = Object.fromEntries(
  [...textOf('scripts/lib/image-versions.sh').matchAll(/^readonly default_(\w+)=(\S+)$/gm)].map(
    ([, name = '', image = '']) => [name.toUpperCase(), image],
  ),
);

test('five images are pinned', () => {
  expect(Object.keys(pinned).sort()).toEqual([
    'ALERTMANAGER_IMAGE',
    'BASE_IMAGE',
    'CADVISOR_IMAGE',
    'HAPROXY_IMAGE',
    'PROMETHEUS_IMAGE',
  ]);
});

test.each([...filesOf('docker', '.Dockerfile'), ...filesOf('docker/stand-ins', '.Dockerfile').map((name) => `stand-ins/${name}`)])(
  'docker/%s is built from the pinned images',
  (file) => {
    const given = [...textOf('docker', file).matchAll(/^ARG (\w+_IMAGE)=(\S+)$/gm)];
    expect(given.map(([, name = '', image = '']) => [name, image])).toEqual(
      given.map(([, name = '']) => [name, pinned[name]]),
    );
    expect(given.map(([, name]) => name)).toContain('BASE_IMAGE');
  },
);

test.each(['ALERTMANAGER_IMAGE', 'CADVISOR_IMAGE'])('stacks deploy the pinned %s', (variable) => {
  const given = filesOf('stacks', '.yml').flatMap((file) => [
    ...textOf('stacks', file).matchAll(new RegExp(`\\$\\{${variable}:-([^}]+)\\}`, 'g')),
  ]);
  expect(new Set(given.map(([, image]) => image))).toEqual(new Set([pinned[variable]]));
});

test.each(filesOf('stacks', '.yml'))('stacks/%s pins a version of each image that is not ours', (file) => {
  const images = [...textOf('stacks', file).matchAll(/^ +image: \$\{(?!DF_IMAGES)\w+:-([^}]+)\}$/gm)];
  for (const [, image] of images) expect(image).toMatch(/:v?\d+\.\d+\.\d+(-[\w.]+)?$/);
  expect(textOf('stacks', file)).not.toMatch(/^ +image: [^$]/m);
});

/** The ways in which this amtool reads matchers: from 0.27 on also as text in UTF-8 that nothing is guessed about. */
const waysToRead: readonly (readonly string[])[] = [
  [],
  ...(execFileSync('amtool', ['--help'], { encoding: 'utf8' }).includes('--enable-feature')
    ? [['--enable-feature=utf8-strict-mode']]
    : []),
];

/** What amtool says of a configuration, whichever way it reads it. @throws {Error} when it refuses it */
function checkedByAmtool(config: string): readonly string[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'df-amtool-'));
  const file = path.join(folder, 'alertmanager.yml');
  writeFileSync(file, config);
  try {
    return waysToRead.map((way) =>
      execFileSync('amtool', [...way, 'check-config', file], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const success = waysToRead.map(() => expect.stringContaining('SUCCESS'));

test.each(filesOf('stacks/alertmanager', '.yml'))(
  'amtool takes stacks/alertmanager/%s as it lies there, and with the address of a webhook',
  (file) => {
    const text = textOf('stacks/alertmanager', file);
    expect(checkedByAmtool(text)).toEqual(success);
    expect(checkedByAmtool(text.replace('slack.invalid/webhook', 'hooks.slack.com/services/T0/B0/x'))).toEqual(success);
  },
);

test('amtool takes the configuration that quickstart.yml writes for Alertmanager', () => {
  const { services } = readStackFile(textOf('stacks/quickstart.yml'));
  const [, , script = ''] = services['alert-manager']?.entrypoint ?? [];
  const config = /<<'END'\n([^]*?)^END$/m.exec(script)?.[1] ?? '';
  expect(checkedByAmtool(config)).toEqual(success);
  expect(config).toContain('http://flow_scaler:8080/v1/scale-service');
});
