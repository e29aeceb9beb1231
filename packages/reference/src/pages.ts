import { renderDflowPage } from '@docker-flow/cli';
import {
  CONTAINER_SHORTCUTS,
  builtInShortcut,
  httpShortcuts,
  nodeShortcuts,
  proxyShortcuts,
  type BuiltIn,
} from '@docker-flow/monitor';
import { showTargetShortcuts } from '@docker-flow/scaler';
import { renderEndpointsPage } from './endpoints-page.js';
import { ENDPOINT_SECTIONS } from './endpoints/sections.js';
import { renderMetricsPage } from './metrics-page.js';
import { METRIC_SECTIONS } from './metrics/sections.js';
import { renderShortcutsPage } from './shortcuts-page.js';
import { renderTargetShortcuts } from './target-shortcuts-section.js';
import { renderVariablesPage } from './variables-page.js';
import { VARIABLE_SECTIONS } from './variables/sections.js';

/** A page that is written from code. */
export interface ReferencePage {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** The major version of Prometheus in our image. */
const PROMETHEUS_MAJOR = 2;

/** Every reference page but that of the labels, which packages/labels writes. */
export function referencePages(): readonly ReferencePage[] {
  return [
    { file: 'docs/reference/shortcuts.md', text: shortcutsPage() },
    { file: 'docs/reference/variables.md', text: renderVariablesPage(VARIABLE_SECTIONS) },
    { file: 'docs/reference/endpoints.md', text: renderEndpointsPage(ENDPOINT_SECTIONS) },
    { file: 'docs/reference/metrics.md', text: renderMetricsPage(METRIC_SECTIONS) },
    { file: 'docs/reference/dflow.md', text: renderDflowPage() },
  ];
}

function shortcutsPage(): string {
  const group = (title: string, says: string, definitions: readonly BuiltIn[]) => ({
    title,
    says,
    shortcuts: definitions.map(builtInShortcut),
  });
  const alerting = renderShortcutsPage([
    group(
      'Response times of instrumented services, and targets',
      'They read the histogram `http_server_resp_time` (seconds) of the service, and `up`, which Prometheus makes itself.',
      httpShortcuts(PROMETHEUS_MAJOR),
    ),
    group(
      'Containers and replicas',
      'They read metrics of cAdvisor ([stacks/exporters.yml](../../stacks/exporters.yml)).',
      CONTAINER_SHORTCUTS,
    ),
    group(
      'Nodes',
      'They belong on the service of the node exporter itself. Shown with `DF_NODE_METRICS=modern`; without it, with the names of node exporters before 2018.',
      nodeShortcuts('modern'),
    ),
    group(
      'Measured by the proxy',
      "For services that measure nothing themselves; they read HAProxy's own exporter ([stacks/docker-flow-proxy-slack.yml](../../stacks/docker-flow-proxy-slack.yml)).",
      proxyShortcuts('built-in'),
    ),
  ]);
  return [alerting, renderTargetShortcuts(showTargetShortcuts())].join('\n');
}
