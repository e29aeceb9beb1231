export { CATALOGUE } from './catalogue/catalogue.js';
export { CERTIFICATE_LABELS } from './catalogue/certificates.js';
export type { Label, Reader, Topic } from './catalogue/label.js';
export { LISTENER_LABELS } from './catalogue/listener.js';
export { MONITOR_LABELS } from './catalogue/monitor.js';
export { PROXY_DESTINATION_LABELS, PROXY_LABELS, PROXY_SERVICE_LABELS } from './catalogue/proxy.js';
export { SCALER_LABELS } from './catalogue/scaler.js';
export type { LabelType } from './catalogue/types/label-type.js';
export { readPrometheusDuration, type DurationText } from './catalogue/types/duration.js';
export { readDomainName } from './catalogue/types/domain-name.js';
export { readDomainAlgo } from './catalogue/types/proxy/fetch.js';
export { readStep, type Step } from './catalogue/types/number.js';
export { type TaskAddress } from './catalogue/types/node-info.js';
export { readUserEntries, type UserEntries } from './catalogue/types/proxy/user-entries.js';
export { knownLabel, splitNumber, type KnownLabel } from './names/known-labels.js';
export { nameIssues } from './names/name-issues.js';
export { nearestLabel } from './names/nearest-label.js';
export { unreadNumbers } from './names/unread-numbers.js';
export { labelIssue, labelValue, readLabel } from './read/read-label.js';
export {
  LABEL_PREFIX,
  formatLabelKey,
  parameterOfLabel,
  parseLabelKey,
  type LabelKey,
} from './wire/label-key.js';
export {
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
export { readBoolean } from './values/boolean.js';
export { withoutCredentials } from './values/credentials.js';
export { readDuration } from './values/duration.js';
export { editDistance } from './values/edit-distance.js';
export { readInteger, readPort } from './values/integer.js';
export { byText, compareBytes } from './values/order.js';
export {
  formatIssue,
  parsed,
  unreadable,
  type Issue,
  type IssueKind,
  type Parsed,
  quoteValue,
} from './values/parsed.js';
export {
  readCertificateLabels,
  type CertificateLabelDefaults,
  type CertificateLabels,
  type Challenge,
  type KeyType,
  type RefusedName,
} from './read/proxy/certificate-labels.js';
export {
  MANAGER_NODE_LABEL_NAMES,
  SCALER_LABEL_NAMES,
  WORKER_NODE_LABEL_NAMES,
  parseNodeScalerLabels,
  parseScalerLabels,
  type NodeScalerLabelNames,
  type NodeScalerLabels,
  type ScalerLabelNames,
  type ScalerLabels,
} from './read/scaler/scaler-labels.js';
export {
  hasTargetLabel,
  parseTargetLabels,
  type MetricLabels,
  type ScheduleLabels,
  type TargetLabels,
} from './read/scaler/target-labels.js';
export {
  canonicalMonitorParameters,
  monitorParameter,
  type MonitorLabelName,
} from './read/monitor/monitor-parameters.js';
export { isServiceName, parseMonitorLabels, type MonitorLabels } from './read/monitor/monitor-labels.js';
export { type AlertLabels } from './read/monitor/alert-labels.js';
export { type ScrapeLabels } from './read/monitor/scrape-labels.js';
export { isMetricLabelName, metricLabelName, pickTargetLabels } from './read/monitor/target-labels.js';
export { labelListSchema } from './docs/list-schema.js';
export { labelSchema } from './docs/schema.js';
export { stackSchema } from './docs/stack-schema.js';
export { labelFiles } from './docs/written-files.js';
export { codeSpan, markdownTable } from './docs/markdown-table.js';
export { parseProxyLabels, type ParsedProxyService } from './read/proxy/proxy-labels.js';
export type {
  Canary,
  Chooser,
  ForwardAuth,
  HeaderChanges,
  HeaderMatch,
  PathRewrite,
  ProxyDestination,
  ProxyLabelDefaults,
  ProxyService,
  RequestMode,
  UserEntry,
  Waking,
} from './read/proxy/proxy-service.js';
export { type ProxyRefusal } from './read/proxy/refusal.js';
export { withoutQuotes } from './values/quotes.js';
export { escapeOpenQuotes } from './values/open-quotes.js';
export { splitList } from './values/split-list.js';
