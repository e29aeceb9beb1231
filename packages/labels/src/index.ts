export { CATALOGUE } from './catalogue/catalogue.js';
export type { Label, LabelType, Reader } from './catalogue/label.js';
export {
  LABEL_PREFIX,
  formatLabelKey,
  parameterOfLabel,
  parseLabelKey,
  type LabelKey,
} from './wire/label-key.js';
export { readBoolean, readDuration, readInteger, readList, readPort } from './read/label-values.js';
export {
  compareBytes,
  decodeQuery,
  encodePairs,
  encodeParameters,
  encodeQueryText,
  firstValues,
  lastValues,
  notificationUrl,
  readRows,
  type Parameters,
  type QueryPair,
} from './wire/notification.js';
export { formatIssue, parsed, unreadable, type Issue, type Parsed } from './read/parsed.js';
export {
  MANAGER_NODE_LABEL_NAMES,
  SCALER_LABEL_NAMES,
  WORKER_NODE_LABEL_NAMES,
  parseNodeScalerLabels,
  parseScalerLabels,
  readStep,
  type NodeScalerLabelNames,
  type NodeScalerLabels,
  type ScalerLabelNames,
  type ScalerLabels,
  type Step,
} from './read/scaler/scaler-labels.js';
export {
  canonicalMonitorParameters,
  monitorParameter,
  type MonitorLabelName,
} from './read/monitor/monitor-parameters.js';
export { isServiceName, parseMonitorLabels, type MonitorLabels } from './read/monitor/monitor-labels.js';
export { type AlertLabels } from './read/monitor/alert-labels.js';
export {
  readPrometheusDuration,
  type DurationText,
  type ScrapeLabels,
} from './read/monitor/scrape-labels.js';
export { type TaskAddress } from './read/monitor/node-info.js';
export { isMetricLabelName, metricLabelName, pickTargetLabels } from './read/monitor/target-labels.js';
export { renderLabelPage } from './docs/page.js';
export { labelSchema } from './docs/schema.js';
export { codeSpan, markdownTable } from './docs/markdown-table.js';
export { PROXY_DESTINATION_LABELS, PROXY_SERVICE_LABELS } from './catalogue/proxy.js';
export { parseProxyLabels, type ParsedProxyService } from './read/proxy/proxy-labels.js';
export type {
  HeaderChanges,
  HeaderMatch,
  PathRewrite,
  ProxyDestination,
  ProxyLabelDefaults,
  ProxyService,
  RequestMode,
  UserEntry,
} from './read/proxy/proxy-service.js';
export { type ProxyRefusal } from './read/proxy/refusal.js';
export { readUserEntries, type UserEntries } from './read/proxy/user-entries.js';
export { readDomainAlgo } from './read/proxy/fetch-expressions.js';
export { withoutQuotes } from './values/quotes.js';
export { splitList } from './values/split-list.js';
