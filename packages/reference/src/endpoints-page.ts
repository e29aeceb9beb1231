import { codeSpan, markdownTable } from '@docker-flow/labels';

export interface Endpoint {
  readonly method: string;
  readonly path: string;
  /** Names of query parameters, in Markdown. */
  readonly parameters?: string;
  /** In Markdown. */
  readonly says: string;
}

export interface EndpointSection {
  readonly title: string;
  readonly says: string;
  readonly endpoints: readonly Endpoint[];
}

const INTRODUCTION = `# Endpoints

<!-- Written by \`pnpm reference-docs\`; a test compares it with the programs' routes. -->

Each program has one HTTP API, on port 8080 unless \`DF_LISTEN_ADDRESS\` says otherwise. Parameters are in the query; where a method
says *any*, GET is as good as POST. All programs also answer:

| path | answer |
| --- | --- |
| \`/healthz\` | 200 while the process lives |
| \`/readyz\` | 200 when it can do its work, else 503 with the reason |
| \`/metrics\` | [metrics](metrics.md) in Prometheus's format |

None of these APIs is meant for the open network. They are reachable on the overlay networks of their services; the proxy routes to
one of them only if its service has the labels for it.
`;

/** The page of all endpoints. */
export function renderEndpointsPage(sections: readonly EndpointSection[]): string {
  return [INTRODUCTION, ...sections.map(renderSection)].join('\n');
}

function renderSection({ title, says, endpoints }: EndpointSection): string {
  const rows = endpoints.map((one) => [one.method, codeSpan(one.path), one.parameters ?? '', one.says]);
  return `## ${title}\n\n${says}\n\n${markdownTable(['method', 'path', 'parameters', 'what it does'], rows)}\n`;
}
