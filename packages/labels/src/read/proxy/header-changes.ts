import type { Label } from '../../catalogue/label.js';
import { PROXY_LABELS as LABELS } from '../../catalogue/proxy.js';
import { quoteValue } from '../../values/parsed.js';
import type { ParameterReader } from './parameter-reader.js';
import type { HeaderChanges } from './proxy-service.js';

type HeaderLabel = Label<readonly string[]>;

/** As HTTP writes a header, and HAProxy does not: its rules have a blank between name and value. */
const WITH_COLON = /^([A-Za-z0-9_.!&*+^~-]+)\s*:\s*/;

export function readRequestHeaders(reader: ParameterReader): HeaderChanges {
  return readHeaderChanges(reader, {
    add: newName(reader, LABELS.addReqHeader, LABELS.addHeader),
    set: newName(reader, LABELS.setReqHeader, LABELS.setHeader),
    del: LABELS.delReqHeader,
  });
}

export function readResponseHeaders(reader: ParameterReader): HeaderChanges {
  return readHeaderChanges(reader, {
    add: LABELS.addResHeader,
    set: LABELS.setResHeader,
    del: LABELS.delResHeader,
  });
}

/** The label, or its old name where it is absent; an old name beside it does not count. */
function newName(reader: ParameterReader, label: HeaderLabel, old: HeaderLabel): HeaderLabel {
  if (reader.text(label) === undefined) return old;
  if (reader.text(old) !== undefined)
    reader.warn(old, undefined, {
      problem: `has no effect beside ${label.name}`,
      expected: `${label.name} alone`,
      kind: 'no-effect',
    });
  return label;
}

function readHeaderChanges(
  reader: ParameterReader,
  { add, set, del }: Readonly<Record<keyof HeaderChanges, HeaderLabel>>,
): HeaderChanges {
  return { add: readRules(reader, add), set: readRules(reader, set), del: readRules(reader, del) };
}

/** `Name: value` is read as `Name value` and told. */
function readRules(reader: ParameterReader, label: HeaderLabel): readonly string[] {
  const rules = reader.read(label) ?? [];
  const first = rules.find((rule) => WITH_COLON.test(rule));
  if (first === undefined) return rules;
  const mended = rules.map(withoutColon);
  reader.warn(label, undefined, {
    problem: `has a colon behind the name of the header in ${quoteValue(first)}, which is left out`,
    expected: withoutColon(first),
    suggestion: mended.join(','),
    kind: 'no-effect',
  });
  return mended;
}

function withoutColon(rule: string): string {
  return rule.replace(WITH_COLON, '$1 ').trimEnd();
}
