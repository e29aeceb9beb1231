export { CATALOGUE } from './catalogue/catalogue.js';
export type { Label, LabelType, Reader } from './catalogue/label.js';
export { LABEL_PREFIX, formatLabelKey, parameterOfLabel, parseLabelKey, type LabelKey } from './label-key.js';
export { readBoolean, readDuration, readInteger, readList, readPort } from './label-values.js';
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
} from './notification.js';
export { formatIssue, parsed, unreadable, type Issue, type Parsed } from './parsed.js';
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
} from './scaler-labels.js';
export {
  canonicalMonitorParameters,
  monitorParameter,
  type MonitorLabelName,
} from './monitor/monitor-parameters.js';
export { isServiceName, parseMonitorLabels, type MonitorLabels } from './monitor/monitor-labels.js';
export { type AlertLabels } from './monitor/alert-labels.js';
export { readPrometheusDuration, type DurationText, type ScrapeLabels } from './monitor/scrape-labels.js';
export { type TaskAddress } from './monitor/node-info.js';
export { isMetricLabelName, metricLabelName, pickTargetLabels } from './monitor/target-labels.js';
export { renderLabelPage } from './documentation/label-page.js';
export { labelSchema } from './documentation/label-schema.js';
export { codeSpan, markdownTable } from './documentation/markdown-table.js';
export { PROXY_DESTINATION_LABELS, PROXY_SERVICE_LABELS } from './catalogue/proxy-labels.js';
export { parseProxyLabels, type ParsedProxyService } from './proxy-labels.js';
export type {
  HeaderChanges,
  HeaderMatch,
  PathRewrite,
  ProxyDestination,
  ProxyLabelDefaults,
  ProxyService,
  RequestMode,
  UserEntry,
} from './proxy/proxy-service.js';
export { type ProxyRefusal } from './proxy/refusal.js';
export { readUserEntries, type UserEntries } from './proxy/user-entries.js';
export { readDomainAlgo } from './proxy/fetch-expressions.js';
export { readTemplate, type Template, type TemplateOptions } from './go-template/template.js';
export { struct, TemplateError, toTemplateValue, type Value as TemplateValue } from './go-template/value.js';
