import { defineMappingTag, defineScalarTag, FAILSAFE_SCHEMA, load, mergeTag, type Schema } from 'js-yaml';
import type { ScrapeConfig } from '../services/prometheus-model.js';
import { isMapping, PlainScalar, scalarText, type YamlMapping, type YamlValue } from '../text/yaml.js';

export interface ScrapeFile {
  readonly jobs: readonly ScrapeConfig[];
  /** Why the file, or some of its jobs, are skipped. */
  readonly problems: readonly string[];
}

type Entries = Record<string, YamlValue>;

/**
 * Plain scalars keep their exact form: what `yes` or `0777` means is for Prometheus to say. Equal ones are the
 * same object, because js-yaml compares keys by identity when a mapping overrides what it merges.
 */
function asWritten(): Schema {
  const scalars = new Map<string, PlainScalar>();
  function plain(source: string): PlainScalar {
    const scalar = scalars.get(source) ?? new PlainScalar(source);
    scalars.set(source, scalar);
    return scalar;
  }
  return FAILSAFE_SCHEMA.withTags(
    mergeTag,
    defineScalarTag('tag:docker-flow,2024:plain', { implicit: true, resolve: plain, identify: () => false }),
    defineMappingTag<Entries>('tag:yaml.org,2002:map', {
      create: () => Object.create(null) as Entries,
      addPair(entries, key, value) {
        const name = scalarText(key as YamlValue);
        if (name === undefined) return 'a key must be a text';
        entries[name] = value as YamlValue;
        return '';
      },
      has: (entries, key) => Object.hasOwn(entries, scalarText(key as YamlValue) ?? ''),
      keys: (entries) => Object.keys(entries).map(plain),
      get: (entries, key) => entries[scalarText(key as YamlValue) ?? ''],
      identify: () => false,
    }),
  );
}

/**
 * Reads the jobs of one `scrape_*` file: a YAML list in the syntax of Prometheus, or a single mapping. A
 * file that is indented as a whole, as the tutorials write it, is valid too. Of a whole prometheus.yml the jobs
 * are meant.
 */
export function readScrapeFile(text: string): ScrapeFile {
  let content: unknown;
  try {
    content = load(unindent(text), { schema: asWritten() });
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : '';
    return isBlank(text) ? { jobs: [], problems: [] } : { jobs: [], problems: [`it is not YAML: ${reason}`] };
  }
  if (content === undefined || scalarText(content as YamlValue) === '') return { jobs: [], problems: [] };
  if (isMapping(content) && content['job_name'] === undefined && content['scrape_configs'] !== undefined)
    return readWholeConfig(content);
  return readJobs(Array.isArray(content) ? content : [content]);
}

function readJobs(items: readonly unknown[]): ScrapeFile {
  const jobs: ScrapeConfig[] = [];
  const problems: string[] = [];
  for (const [i, item] of items.entries()) {
    const name = isMapping(item) ? scalarText(item['job_name']) : undefined;
    if (isMapping(item) && name !== undefined && name !== '') jobs.push({ ...item, job_name: name });
    else problems.push(`item ${i + 1} has no job_name`);
  }
  return { jobs, problems };
}

function readWholeConfig({ scrape_configs: listed, ...others }: YamlMapping): ScrapeFile {
  const { jobs, problems } = readJobs(Array.isArray(listed) ? listed : []);
  const ignored = Object.keys(others);
  const ignoredText =
    ignored.length === 0 ? '' : `; ${ignored.join(', ')} ${ignored.length === 1 ? 'is' : 'are'} ignored`;
  return {
    jobs,
    problems: [
      `it is a whole prometheus.yml, of which only scrape_configs is used${ignoredText}`,
      ...problems,
    ],
  };
}

function isBlank(text: string): boolean {
  return text.split('\n').every((line) => /^\s*(#.*)?$/.test(line));
}

/** If the file starts with blanks, that many are cut from every line. */
function unindent(text: string): string {
  const blanks = /^ +/.exec(text)?.[0];
  if (blanks === undefined) return text;
  return text
    .split('\n')
    .map((line) => (line.startsWith(blanks) ? line.slice(blanks.length) : line))
    .join('\n');
}
