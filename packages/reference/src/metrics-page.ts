import { codeSpan, markdownTable } from '@docker-flow/labels';

/** One metric family of a program. */
export interface MetricDescription {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly labels: readonly string[];
}

export interface MetricSection {
  readonly title: string;
  readonly says: string;
  readonly metrics: readonly MetricDescription[];
}

const INTRODUCTION = `# Metrics

<!-- Written by \`pnpm reference-docs\` from the programs' own registries. -->

Every program serves its metrics at \`/metrics\` of its API's port, in Prometheus's format; the proxy, besides, those of HAProxy's
own exporter at \`/v1/docker-flow-proxy/haproxy-metrics\`. All of them serve the metrics of their process as well (\`process_…\`,
\`nodejs_…\`) and \`docker_flow_build_info{program,version}\`, which is always 1.
`;

/** The page of all metrics. */
export function renderMetricsPage(sections: readonly MetricSection[]): string {
  return [INTRODUCTION, ...sections.map(renderSection)].join('\n');
}

function renderSection({ title, says, metrics }: MetricSection): string {
  const rows = metrics.map(({ name, type, help, labels }) => [
    codeSpan(name),
    type,
    labels.map(codeSpan).join(', '),
    help,
  ]);
  return `## ${title}\n\n${says}\n\n${markdownTable(['metric', 'type', 'metric labels', 'meaning'], rows)}\n`;
}
