import { expect, test } from '@jest/globals';
import type { Parameters } from '@docker-flow/labels';
import type { RenderedConfig } from '../text/render.js';
import { renderServices, routedService, settingsOf } from '../../testing/render-services.js';
import { changedPart } from './changed-part.js';

const settings = settingsOf('/nowhere', { USERS: 'admin:secret' });
const MANY = Array.from({ length: 40 }, (_, i) => web(`many-${i}`));

function web(serviceName: string, more: Parameters = {}): Parameters {
  return { serviceName, servicePath: `/${serviceName}`, port: '80', ...more };
}

function render(...services: readonly Parameters[]): RenderedConfig {
  return renderServices(
    [...MANY, ...services].map((one) => routedService(one, settings)),
    settings,
  );
}

function sectionsOf(text: string | undefined): readonly string[] {
  return [...(text ?? '').matchAll(/^(?:backend|userlist|frontend|listen) (\S+)/gm)].map(
    ([, name = '']) => name,
  );
}

function sections(before: RenderedConfig, next: RenderedConfig): readonly string[] | undefined {
  const part = changedPart(before, next);
  return part && sectionsOf(part.text);
}

test('is a new backend with its lines of the frontend, and what all share', () => {
  const part = changedPart(render(), render(web('new')));
  expect(sectionsOf(part?.text)).toEqual(['defaultUsers', 'services', 'new-be80_0']);
  expect(part?.text).toMatch(/^global\n/m);
  expect(part?.text).toMatch(/^defaults/m);
  expect(part?.text).toContain('acl url_new80_0');
  expect(part?.text).not.toContain('many-1-be80_0');
});

test('is nothing but the ground when nothing has changed', () => {
  expect(sections(render(), render())).toEqual([]);
});

test('has what the changed lines name: userlists, acls of others, the other version', () => {
  const own = web('locked', { users: 'u:p', ignoreAuthorization: 'false' });
  expect(sections(render(), render(own))).toEqual(['services', 'lockedUsers', 'locked-be80_0']);
  const calling = web('calling', { backendExtra: 'use-server calling if { nbsrv(many-7-be80_0) gt 0 }' });
  expect(sections(render(), render(calling))).toContain('many-7-be80_0');
  const canary = web('many-7-next', { canaryOf: 'many-7', canaryWeight: '5' });
  expect(sections(render(), render(canary))).toEqual(
    expect.arrayContaining(['services', 'many-7-be80_0', 'many-7-next-be80_0']),
  );
});

test('is a change of lines in the frontend although the backend is the same', () => {
  const part = changedPart(render(web('new')), render(web('new', { servicePath: '/other' })));
  expect(part?.text).toContain('/other');
  expect(part?.text).not.toContain('url_many');
});

test('is not there when something has changed that all build on, or nearly everything has', () => {
  const others = settingsOf('/nowhere', { USERS: 'admin:secret', TIMEOUT_SERVER: '77' });
  const services = MANY.map((one) => routedService(one, settings));
  expect(changedPart(render(), renderServices(services, others))).toBeUndefined();
  const all = MANY.map((one) => routedService({ ...one, timeoutServer: '5' }, settings));
  expect(changedPart(render(), renderServices(all, settings))).toBeUndefined();
});

test('is not there when text that may hold sections has changed, or has a name that is new or gone', () => {
  const snippet = (backendSnippet: string, ...more: readonly Parameters[]) =>
    renderServices(
      [
        ...[...MANY, ...more].map((one) => routedService(one, settings)),
        { ...routedService(web('raw'), settings), backendSnippet },
      ],
      settings,
    );
  const text = 'backend raw-be80_0\n    mode http';
  expect(changedPart(snippet(text), snippet(`${text}\n    retries 2`))).toBeUndefined();
  expect(changedPart(snippet(text), snippet(text, web('new')))).toBeDefined();
  const taken = `${text}\nbackend new-be80_0`;
  expect(changedPart(snippet(taken), snippet(taken, web('new')))).toBeUndefined();
  const calling = `${text}\n    use-server x if { nbsrv(old-be80_0) gt 0 }`;
  expect(changedPart(snippet(calling, web('old')), snippet(calling))).toBeUndefined();
  expect(changedPart(snippet(text, web('old')), snippet(text))).toBeDefined();
});
