import { expect, test } from '@jest/globals';
import { readTemplate } from './template.js';
import { struct, toTemplateValue, TemplateError } from './value.js';

const service = toTemplateValue({
  ServiceName: 'web',
  AclName: '01-web',
  Empty: null,
  ServiceDest: [
    { Port: '80', ServicePath: ['/a', '/b'], UserAgent: { Value: null } },
    { Port: '81', ServicePath: [], UserAgent: { Value: ['x'] } },
  ],
});

test.each([
  ['acl url_{{.AclName}} x', 'acl url_01-web x'],
  ['{{range .ServiceDest}}{{range .ServicePath}}{{.}} {{end}}{{end}}', '/a /b '],
  ['{{range $i, $d := .ServiceDest}}{{$i}}={{$d.Port}}@{{$.ServiceName}};{{end}}', '0=80@web;1=81@web;'],
  ['{{if eq .ServiceName "web"}}yes{{else}}no{{end}}', 'yes'],
  ['{{if and .Empty true}}a{{else if ne .AclName "x"}}b{{end}}', 'b'],
  ['{{with .Empty}}a{{else}}none{{end}}', 'none'],
  ['{{len .ServiceDest}} {{(index .ServiceDest 1).Port}} {{printf "%s-%d" .ServiceName 3}}', '2 81 web-3'],
  ['a\n{{- /* comment */ -}}\nb', 'ab'],
  ['{{$x := .ServiceName}}{{$x | printf "%q"}}', '"web"'],
  ['{{range .Empty}}x{{else}}empty{{end}}', 'empty'],
  ['{{(index .ServiceDest 1).UserAgent.Value}}', '[x]'],
])('%s gives %s', (template, text) => expect(readTemplate(template).execute(service)).toBe(text));

test.each(['{{.Nope}}', '{{if}}', '{{range .ServiceDest}}', '{{index .ServiceDest 9}}', '{{unknown 1}}'])(
  '%s is refused',
  (template) => expect(() => readTemplate(template).execute(service)).toThrow(TemplateError),
);

test('actions with foreign variables stay in the text', () => {
  const template = readTemplate('{{.A}} {{ $labels.job }}', { foreign: new Set(['$labels']) });
  expect(template.execute(struct({ A: 'x' }))).toBe('x {{ $labels.job }}');
});

test('what a template produces is limited', () => {
  const list = toTemplateValue({ L: Array.from({ length: 50 }, () => 'xxxxxxxxxx') });
  expect(() => readTemplate('{{range .L}}{{.}}{{end}}', { maxOutput: 100 }).execute(list)).toThrow(/100/);
});
