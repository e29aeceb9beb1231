import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readTemplate } from './template.js';
import { struct, TemplateError, type Value } from './value.js';

const PROMETHEUS_VARIABLES = new Set(['$labels', '$value']);

const DATA: Value = struct({
  Alert: struct({
    ServiceName: 'web',
    Replicas: 3,
    AlertPersistent: true,
    AlertFor: '',
    AlertLabels: new Map([
      ['team', 'blue'],
      ['a', '1'],
    ]),
  }),
  Values: ['0.8', '5m', ''],
  Empty: [],
});

function execute(template: string): string {
  return readTemplate(template, { foreign: PROMETHEUS_VARIABLES }).execute(DATA);
}

describe('templates give what Go gives', () => {
  test.each([
    ['plain text', 'plain text'],
    ['{{ .Alert.ServiceName }}_up == {{ .Alert.Replicas }}', 'web_up == 3'],
    ['{{.Alert.AlertPersistent}}', 'true'],
    ['{{ index .Values 0 }}/{{ index .Values 1 }}', '0.8/5m'],
    ['{{ index .Alert.AlertLabels "team" }}', 'blue'],
    ['[{{ index .Alert.AlertLabels "none" }}]', '[]'],
    ['{{ .Alert.AlertLabels.team }} {{ .Alert.AlertLabels.none }}', 'blue <no value>'],
    ['{{ .Alert.AlertLabels }}', 'map[a:1 team:blue]'],
    ['{{ .Values }}', '[0.8 5m ]'],
    ['{{ len .Values }} {{ len "äb" }} {{ len .Alert.AlertLabels }}', '3 3 2'],
    // Actions and text
    ['a {{- " b " -}} c', 'a b c'],
    ['a {{/* note */}} b', 'a  b'],
    ['a {{- /* note */ -}} b', 'ab'],
    ['{{ "{{ $labels.instance }}" }}', '{{ $labels.instance }}'],
    ['{{ `raw "x" \\n` }}', 'raw "x" \\n'],
    ['{{ "a\\tb\\u00e4\\x41\\"" }}', 'a\tbäA"'],
    ["{{ 'a' }} {{ 0x1F }} {{ 1_000 }} {{ -2 }} {{ 1.5 }} {{ 1e3 }}", '97 31 1000 -2 1.5 1000'],
    ['{{ true }} {{ nil | printf "%v" }}', 'true <nil>'],
    ['{{ 1 -}}\n\n  x', '1x'],
    // Variables and pipelines
    ['{{ $s := .Alert.ServiceName }}{{ $s }}{{ $s = "x" }}{{ $s }}', 'webx'],
    ['{{ $.Alert.ServiceName }}', 'web'],
    ['{{ $a := .Alert }}{{ $a.ServiceName }}', 'web'],
    ['{{ .Alert.ServiceName | printf "%s-%s" "x" }}', 'x-web'],
    ['{{ (index .Values 0) }} {{ (.Alert).ServiceName }}', '0.8 web'],
    ['{{ with .Alert }}{{ .ServiceName }} {{ $.Alert.Replicas }}{{ end }}', 'web 3'],
    ['{{ with .Alert.AlertFor }}x{{ else }}none{{ end }}', 'none'],
    ['{{ with $v := index .Values 1 }}{{ $v }}{{ . }}{{ end }}', '5m5m'],
    // Conditions
    ['{{ if .Alert.AlertFor }}a{{ else }}b{{ end }}', 'b'],
    ['{{ if eq .Alert.Replicas 3 }}a{{ end }}', 'a'],
    ['{{ if eq .Alert.Replicas 1 }}a{{ else if gt .Alert.Replicas 2 }}b{{ else }}c{{ end }}', 'b'],
    ['{{ if and .Alert.AlertPersistent (eq .Alert.ServiceName "x" "web") }}a{{ end }}', 'a'],
    ['{{ if or .Alert.AlertFor .Empty }}a{{ else }}b{{ end }}', 'b'],
    ['{{ if not .Empty }}a{{ end }}', 'a'],
    ['{{ or "" "x" }}{{ and "a" "" "b" }}', 'x'],
    [
      '{{ ne "a" "b" }} {{ lt 1 2 }} {{ le 2 2 }} {{ gt "b" "a" }} {{ ge 1.5 2.5 }}',
      'true true true true false',
    ],
    ['{{ if true }}{{ $x := 1 }}{{ $x }}{{ end }}', '1'],
    // range
    ['{{ range .Values }}<{{ . }}>{{ end }}', '<0.8><5m><>'],
    ['{{ range $i, $v := .Values }}{{ if $i }},{{ end }}{{ $v }}{{ end }}', '0.8,5m,'],
    ['{{ range $v := .Values }}{{ $v }};{{ end }}', '0.8;5m;;'],
    ['{{ range $k, $v := .Alert.AlertLabels }}{{ $k }}={{ $v }} {{ end }}', 'a=1 team=blue '],
    ['{{ range .Empty }}x{{ else }}empty{{ end }}', 'empty'],
    ['{{ range .Values }}{{ if eq . "5m" }}{{ break }}{{ end }}{{ . }}{{ end }}', '0.8'],
    ['{{ range .Values }}{{ if eq . "5m" }}{{ continue }}{{ end }}[{{ . }}]{{ end }}', '[0.8][]'],
    // Printing
    ['{{ print 1 2 "x" 3 }}', '1 2x3'],
    ['{{ println "a" 1 }}', 'a 1\n'],
    [
      '{{ printf "%s/%d|%5d|%-5s|%05d|%q|%v|%t|%%" "a" 3 7 "b" 42 "q" .Values true }}',
      'a/3|    7|b    |00042|"q"|[0.8 5m ]|true|%',
    ],
    [
      '{{ printf "%.2f %g %e %x %X %c %+d" 1.556 0.00001 1234.5 255 "hi" 65 3 }}',
      '1.56 1e-05 1.234500e+03 ff 6869 A +3',
    ],
    [
      '{{ printf "%d" "x" }} {{ printf "%s" }} {{ printf "a" 1 }}',
      '%!d(string=x) %!s(MISSING) a%!(EXTRA int=1)',
    ],
    ['{{ html "<a href=\'x\'>&\\"" }}', '&lt;a href=&#39;x&#39;&gt;&amp;&#34;'],
    ['{{ js "it\'s <b>" }}', "it\\'s \\u003Cb\\u003E"],
    ['{{ urlquery "a b&c" }}', 'a+b%26c'],
    // Left to Prometheus
    [
      '{{ $labels.instance }} is {{ $value | humanize }}',
      '{{ $labels.instance }} is {{ $value | humanize }}',
    ],
  ])('%s', (template, expected) => expect(execute(template)).toBe(expected));
});

describe('what Go refuses is refused', () => {
  test.each([
    '{{ .Alert.ServiceName',
    '{{ if .Values }}x',
    '{{ end }}',
    '{{ else }}',
    '{{ if }}x{{ end }}',
    '{{ unknown 1 }}',
    '{{ $x }}',
    '{{ $x = 1 }}',
    '{{ "open }}',
    '{{ .Values | "x" }}',
    '{{ 1 2 }}',
    '{{ (len .Values }}',
    '{{ range $a, $b, $c := .Values }}{{ end }}',
    '{{ break }}',
    '{{ template "x" }}',
    '{{ ? }}',
    '{{ end x }}',
    '{{ if true }}{{ else x }}{{ end }}',
  ])('%s does not parse', (template) => expect(() => readTemplate(template)).toThrow(TemplateError));

  test.each([
    '{{ .Nope }}',
    '{{ .Alert.Nope }}',
    '{{ .Alert.ServiceName.x }}',
    '{{ index .Values 3 }}',
    '{{ index .Values -1 }}',
    '{{ index .Values "x" }}',
    '{{ index 3 0 }}',
    '{{ eq 1 "1" }}',
    '{{ lt true false }}',
    '{{ len 3 }}',
    '{{ range 3 }}{{ end }}',
    '{{ not }}',
    '{{ . }}',
    '{{ printf 1 }}',
    '{{ eq .Values .Values }}',
    '{{ range .Values }}{{ printf "%99999d" 1 }}{{ printf "%99999d" 1 }}{{ end }}',
  ])('%s cannot be executed', (template) => expect(() => execute(template)).toThrow(TemplateError));
});

/** The class of what executing a text throws; `undefined` when it can be executed. */
function kindOfFailure(text: string): unknown {
  try {
    execute(text);
    return undefined;
  } catch (error) {
    return (error as Error).constructor;
  }
}

test('no text makes it fail in another way than by a TemplateError', () => {
  const pieces = fc.constantFrom(
    '{{',
    '}}',
    ' ',
    'if',
    'end',
    'range',
    '.Values',
    '$x',
    ':=',
    '"a"',
    'index',
    '(',
    ')',
    '|',
    '-',
    '1',
    '/*',
    '*/',
    '{{-',
    '-}}',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 3 }))), (parts) => {
      expect([undefined, TemplateError]).toContain(kindOfFailure(parts.join('')));
    }),
    { numRuns: 1_000 },
  );
});
