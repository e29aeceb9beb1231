import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseProxyLabels } from '@docker-flow/labels';
import { serviceTemplateData } from './template-data.js';
import { readMainTemplate, renderTemplateFile } from './templates.js';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'templates-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

async function write(content: string): Promise<string> {
  const name = `t${Math.random()}.tmpl`;
  await writeFile(path.join(directory, name), content);
  return name;
}

const { service } = parseProxyLabels(
  {
    serviceName: 'web',
    'servicePath.1': '/{{.ServiceName}}',
    'port.1': '80',
    'serviceHeader.1': 'X-A:1',
    users: 'me:a+b&<c>',
  },
  { separator: ',', requestMode: 'http', httpsOnly: false, domainAlgo: 'hdr_beg(host)' },
);
const data = serviceTemplateData(service, [{ name: 'me', password: 'a+b&<c>', encrypted: false }]);

test('a template sees the service in the words of the original', async () => {
  const file = await write(
    '{{range .ServiceDest}}{{$.AclName}}-be{{.Port}}_{{.Index}} {{range .ServicePath}}{{.}}{{end}}{{range $k, $v := .ServiceHeader}} {{$k}}={{$v}}{{end}}{{end}}',
  );
  expect(await renderTemplateFile(file, directory, data)).toBe('web-be80_1 /{{.ServiceName}} X-A=1');
});

test('nothing is escaped for HTML', async () => {
  const file = await write('{{range .Users}}{{.Password}}{{end}}');
  expect(await renderTemplateFile(file, directory, data)).toBe('a+b&<c>');
});

test('a file that is missing or no template is named', async () => {
  await expect(renderTemplateFile('no.tmpl', directory, data)).rejects.toThrow('no.tmpl');
  const broken = await write('{{range .ServiceDest}}');
  await expect(renderTemplateFile(broken, directory, data)).rejects.toThrow(broken);
  await expect(readMainTemplate(path.join(directory, 'none'))).rejects.toThrow('cannot be read');
});

test('a main template gets its blocks as they are', async () => {
  const file = await write('defaults{{.Stats}}\nfrontend services{{.DefaultBinds}}');
  const template = await readMainTemplate(path.join(directory, file));
  expect(template({ Stats: '', DefaultBinds: '\n    bind *:80' })).toBe(
    'defaults\nfrontend services\n    bind *:80',
  );
});

test('a label cannot name a file elsewhere', async () => {
  for (const file of ['/etc/passwd', '../../etc/passwd', '.']) {
    await expect(renderTemplateFile(file, directory, data)).rejects.toThrow(
      'not below the folder of templates',
    );
  }
  await symlink('/etc/passwd', path.join(directory, 'link.tmpl'));
  await expect(renderTemplateFile('link.tmpl', directory, data)).rejects.toThrow('not below');
});

test('a template that is too large, or no file, is not read', async () => {
  const large = await write('x'.repeat(1_000_001));
  await expect(renderTemplateFile(large, directory, data)).rejects.toThrow('larger than 1000000 bytes');
  await expect(readMainTemplate('/dev/zero')).rejects.toThrow('it is no file');
});
