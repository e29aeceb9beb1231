import type { Label, Reader } from '../catalogue/label.js';
import { LABEL_PREFIX } from '../wire/label-key.js';
import { codeSpan, markdownTable } from './markdown-table.js';

type Catalogue = Readonly<Record<Reader, readonly Label[]>>;

const READERS: Readonly<Record<Reader, { readonly title: string; readonly introduction: string }>> = {
  'swarm-listener': {
    title: 'swarm-listener',
    introduction:
      'What it reads itself. Every other `com.df.` label passes through it to the receivers, without the prefix.',
  },
  'proxy-configurator': {
    title: 'proxy',
    introduction: 'Routes: which requests reach the service, and what happens to them on the way.',
  },
  monitor: {
    title: 'monitor',
    introduction: 'Metrics and alerts: where the service is scraped, and what is alarming.',
  },
  scaler: { title: 'scaler', introduction: 'How few and how many replicas, and in which steps.' },
  certificates: {
    title: 'certificates',
    introduction:
      'HTTPS by itself: a certificate for the domains of the service, renewed in time, on every replica of the proxy. The proxy reads these labels too: until a certificate is there it redirects nobody to https.',
  },
};

const INTRODUCTION = `# Labels

<!-- Written by \`pnpm label-docs\` from packages/labels/src/catalogue. Change it there. -->

All labels are labels of the *service*: in a stack file they stand under \`deploy\`, not beside \`image\`, where they
would be labels of the containers and nobody would see them. Names are case sensitive.

\`\`\`yaml
services:
  main:
    image: example/api:1.0
    deploy:
      labels:
        - com.df.notify=true
        - com.df.servicePath=/api
        - com.df.port=8080
\`\`\`

A label marked **N** may be given several times with a number: \`com.df.port.1\`, \`com.df.port.2\` and so on.
Commas within quotes, \`%[…]\`, \`(…)\` and \`{1,3}\` do not separate the items of a list. Quotes around a whole value are left
out, and the program says so: in the list form of YAML they are part of the value.
What is written and not in force is told: [docs/reference/warnings.md](docs/reference/warnings.md).
In a default, \`$NAME\` is a variable of the program that reads the label. The same list for editors and checkers is
[docs/reference/labels.schema.json](docs/reference/labels.schema.json), a JSON Schema of the mapping form of
\`deploy.labels\`.
`;

const COLUMNS = ['label', 'N', 'value', 'default', 'meaning', 'example'] as const;

/** The page that documents every label, after an index one table for each program; same catalogue, same bytes. */
export function renderLabelPage(catalogue: Catalogue, index = ''): string {
  const sections = (Object.keys(READERS) as Reader[]).map((reader) =>
    renderReader(reader, catalogue[reader]),
  );
  return [INTRODUCTION, ...(index === '' ? [] : [index]), ...sections].join('\n');
}

function renderReader(reader: Reader, labels: readonly Label[]): string {
  const { title, introduction } = READERS[reader];
  const parts = [`## ${title}\n\n${introduction}\n`];
  const current = labels.filter((label) => !label.sentByListener && label.deprecatedFor === undefined);
  const ofServices = current.filter((label) => label.on !== 'node');
  for (const [topic, ofTopic] of byTopic(ofServices)) parts.push(`### ${topic}\n\n${labelTable(ofTopic)}\n`);
  const ofNodes = current.filter((label) => label.on === 'node');
  if (ofNodes.length > 0) parts.push(`Labels of nodes:\n\n${labelTable(ofNodes)}\n`);
  const sent = labels.filter((label) => label.sentByListener);
  if (sent.length > 0) parts.push(`Set by swarm-listener, not by people:\n\n${parameterTable(sent)}\n`);
  const old = labels.filter((label) => label.deprecatedFor !== undefined);
  if (old.length > 0) parts.push(`Old names that still work:\n\n${oldNamesTable(old)}\n`);
  return parts.join('\n');
}

function labelTable(labels: readonly Label[]): string {
  return markdownTable(
    COLUMNS,
    labels.map((label) => [
      codeSpan(`${LABEL_PREFIX}${label.name}`),
      label.indexed ? 'N' : '',
      valueWords(label),
      defaultText(label),
      label.description,
      codeSpan(label.example ?? ''),
    ]),
  );
}

function parameterTable(labels: readonly Label[]): string {
  return markdownTable(
    ['parameter', 'value', 'default', 'meaning', 'example'],
    labels.map((label) => [
      codeSpan(label.name),
      valueWords(label),
      defaultText(label),
      label.description,
      codeSpan(label.example ?? ''),
    ]),
  );
}

function oldNamesTable(labels: readonly Label[]): string {
  return markdownTable(
    ['label', 'use instead', 'meaning'],
    labels.map((label) => [
      codeSpan(`${LABEL_PREFIX}${label.name}`),
      codeSpan(`${LABEL_PREFIX}${label.deprecatedFor ?? ''}`),
      label.description,
    ]),
  );
}

function byTopic(labels: readonly Label[]): ReadonlyMap<string, readonly Label[]> {
  const topics = new Map<string, Label[]>();
  for (const label of labels)
    topics.set(label.topic.title, [...(topics.get(label.topic.title) ?? []), label]);
  return topics;
}

/** What a value looks like; under certain circumstances it looks otherwise. */
function valueWords({ type, variant }: Label): string {
  return variant ? `${type.words}; ${variant.type.words}` : type.words;
}

function defaultText(label: Label): string {
  return label.default === undefined ? '–' : codeSpan(label.default);
}
