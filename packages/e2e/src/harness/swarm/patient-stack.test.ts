import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { patientStack } from './patient-stack.js';
import { readStackFile } from './stack-file.js';

const stacksDir = path.join(path.dirname(expect.getState().testPath ?? ''), '../../../../../stacks');

test.each(readdirSync(stacksDir).filter((name) => name.endsWith('.yml')))(
  'every program of ours in %s has time for its health check, and nothing else is changed',
  (file) => {
    const text = readFileSync(path.join(stacksDir, file), 'utf8');
    const variables = { MONITOR_PASSWORD: 'secret' };
    const { services } = readStackFile(text, variables);
    const expected = Object.entries(services).map(([name, service]) => [
      name,
      service.image.includes('docker-flow-') ? { ...service, healthcheck: { timeout: '60s' } } : service,
    ]);
    expect(readStackFile(patientStack(text), variables).services).toEqual(Object.fromEntries(expected));
  },
);
