import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import { load } from 'js-yaml';
import { alertsOf } from '../core/changes/attribute-alerts.js';
import { checkConfig, makeRoot } from '../testing/live-haproxy.js';
import { renderServices, routedService, settingsOf } from '../testing/render-services.js';

/**
 * Every folder of test/golden holds services and the files they become. UPDATE_GOLDEN=1 writes them anew; HAProxy has
 * to take each of them.
 */
const GOLDEN = path.join(process.cwd(), 'packages/proxy-configurator/test/golden');

interface Input {
  readonly environment?: Readonly<Record<string, string>>;
  /** By host; a name that is not here leads to 10.0.0.2. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly services: readonly Parameters[];
}

let place: ReturnType<typeof makeRoot>;
beforeAll(() => {
  place = makeRoot();
  copyFileSync(path.join(place.root, 'cfg/stand-in.pem'), path.join(place.root, 'cfg/ca.pem'));
});
afterAll(() => place.remove());

function expectedFiles({ environment = {}, addresses = {}, services }: Input): Record<string, string> {
  const settings = settingsOf('', environment);
  const routed = services.map((one) => routedService(one, settings));
  const hosts = services.map(({ serviceName = '' }) => [serviceName, ['10.0.0.2']] as const);
  const { text, tables } = renderServices(routed, settings, {
    addresses: new Map([...hosts, ...Object.entries(addresses)]),
  });
  return {
    'haproxy.cfg': text,
    ...Object.fromEntries([...tables].map(([file, content]) => [path.basename(file), content])),
  };
}

/** The files in a folder of their own, whose paths the configuration then names. */
function writeFiles(files: Readonly<Record<string, string>>): string {
  const config = path.join(place.root, 'cfg/haproxy.cfg');
  for (const [name, text] of Object.entries(files)) {
    if (name === 'haproxy.cfg') {
      writeFileSync(config, text.replace(/(?<=[ @(])\/(?:cfg|errorfiles|var\/run)\//g, `${place.root}$&`));
    } else writeFileSync(path.join(place.root, 'cfg/tables', name), text);
  }
  return config;
}

describe('golden files', () => {
  test.each(readdirSync(GOLDEN))('%s', (name) => {
    const folder = path.join(GOLDEN, name);
    const expected = expectedFiles(load(readFileSync(path.join(folder, 'services.yml'), 'utf8')) as Input);
    if (process.env['UPDATE_GOLDEN'] === '1')
      for (const [file, text] of Object.entries(expected)) writeFileSync(path.join(folder, file), text);
    const present = readdirSync(folder).filter((file) => file !== 'services.yml');
    const texts = Object.fromEntries(
      present.map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]),
    );
    expect(expected).toEqual(texts);
    const { ok, output } = checkConfig(writeFiles(texts));
    expect([ok, alertsOf(output)]).toEqual([true, []]);
  });
});
