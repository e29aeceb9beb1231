import { expect, test } from '@jest/globals';
import { load, CORE_SCHEMA } from 'js-yaml';
import { readScrapeFile } from './scrape-file.js';
import { renderYaml } from '../text/yaml.js';

function jobsOf(text: string): unknown {
  return load(renderYaml({ jobs: readScrapeFile(text).jobs }), { schema: CORE_SCHEMA });
}

test('a file that is indented as a whole is valid, and so is an empty line before it', () => {
  const job = { jobs: [{ job_name: 'a', static_configs: [{ targets: ['a:1'] }] }] };
  expect(jobsOf('  - job_name: a\n    static_configs:\n      - targets: ["a:1"]\n')).toEqual(job);
  expect(jobsOf('\n  - job_name: a\n    static_configs:\n      - targets: ["a:1"]\n')).toEqual(job);
});

test('all jobs count, a single mapping is a list of one', () => {
  expect(jobsOf('- job_name: a\n- job_name: b\n')).toEqual({ jobs: [{ job_name: 'a' }, { job_name: 'b' }] });
  expect(jobsOf('job_name: c')).toEqual({ jobs: [{ job_name: 'c' }] });
});

test('of a whole prometheus.yml the jobs count, and what is ignored is told', () => {
  const text = 'global:\n  scrape_interval: 30s\nrule_files: [a]\nscrape_configs:\n- job_name: a\n- {}\n';
  expect(jobsOf(text)).toEqual({ jobs: [{ job_name: 'a' }] });
  expect(readScrapeFile(text).problems).toEqual([
    'it is a whole prometheus.yml, of which only scrape_configs is used; global, rule_files are ignored',
    'item 2 has no job_name',
  ]);
  expect(readScrapeFile('scrape_configs:\n')).toEqual({
    jobs: [],
    problems: ['it is a whole prometheus.yml, of which only scrape_configs is used'],
  });
});

test('the content stays as it is written', () => {
  const text = `- job_name: a
  honor_labels: yes
  new_option: 0777
  empty: ""
  regex: (.*):80
  replacement: $1
  quoted: 'yes'
  lines: |
    x
    y
`;
  expect(renderYaml({ jobs: readScrapeFile(text).jobs })).toBe(`jobs:
- job_name: a
  honor_labels: yes
  new_option: 0777
  empty: ''
  regex: (.*):80
  replacement: $1
  quoted: 'yes'
  lines: "x\\ny\\n"
`);
});

test('anchors and merges are resolved', () =>
  expect(jobsOf('- &b {job_name: a, scheme: https}\n- {<<: *b, job_name: c}\n')).toEqual({
    jobs: [
      { job_name: 'a', scheme: 'https' },
      { job_name: 'c', scheme: 'https' },
    ],
  }));

test.each(['', '\n', '# later\n', '---\n'])('%j has no jobs and no problem', (text) =>
  expect(readScrapeFile(text)).toEqual({ jobs: [], problems: [] }),
);

test.each(['- job_name: [', 'a: b: c', '- {job_name: a, job_name: b}'])(
  '%j is skipped with a reason',
  (text) => {
    const { jobs, problems } = readScrapeFile(text);
    expect(jobs).toEqual([]);
    expect(problems).toHaveLength(1);
  },
);

test('an item without a name is skipped alone', () => {
  const { jobs, problems } = readScrapeFile('- scheme: https\n- job_name: a\n- text\n');
  expect(jobs).toEqual([{ job_name: 'a' }]);
  expect(problems).toHaveLength(2);
});
