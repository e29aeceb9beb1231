/**
 * The options of prometheus.yml that variables may set, with their types. Options that are not here pass
 * through with the type their value looks like, so every option of a current Prometheus can be set.
 */
export type Option =
  | { readonly type: 'text' | 'boolean' | 'number'; readonly keepsEmpty: boolean }
  | { readonly type: 'texts' }
  /** `name=text` sets one entry. */
  | { readonly type: 'text-map' }
  /** `name_N=text` sets item N of the list `name`. */
  | { readonly type: 'list-map' }
  | { readonly type: 'mapping'; readonly options: Options }
  | { readonly type: 'mappings'; readonly options: Options };
export type Options = Readonly<Record<string, Option>>;

const text: Option = { type: 'text', keepsEmpty: false };
const boolean: Option = { type: 'boolean', keepsEmpty: false };
const number: Option = { type: 'number', keepsEmpty: false };
const texts: Option = { type: 'texts' };
const textMap: Option = { type: 'text-map' };
const listMap: Option = { type: 'list-map' };
/** Options that are written even when their value is empty, because that was said on purpose. */
const requiredText: Option = { type: 'text', keepsEmpty: true };
const givenNumber: Option = { type: 'number', keepsEmpty: true };
const givenBoolean: Option = { type: 'boolean', keepsEmpty: true };

function mapping(options: Options): Option {
  return { type: 'mapping', options };
}

function mappings(options: Options): Option {
  return { type: 'mappings', options };
}

const discovery: Options = {
  static_configs: mappings({ targets: texts, labels: textMap, source: text }),
  dns_sd_configs: mappings({ names: texts, refresh_interval: text, type: requiredText, port: givenNumber }),
  file_sd_configs: mappings({ files: texts, refresh_interval: text }),
};

const httpClient: Options = {
  basic_auth: mapping({ username: requiredText, password: requiredText }),
  bearer_token: text,
  bearer_token_file: text,
  proxy_url: text,
  tls_config: mapping({
    ca_file: text,
    cert_file: text,
    key_file: text,
    server_name: text,
    insecure_skip_verify: givenBoolean,
  }),
  oauth2: mapping({ scopes: texts, endpoint_params: textMap }),
  proxy_connect_header: listMap,
};

const relabel = mappings({
  source_labels: texts,
  separator: text,
  regex: text,
  modulus: number,
  target_label: text,
  replacement: text,
  action: text,
});

export const GLOBAL_OPTIONS: Options = {
  scrape_interval: text,
  scrape_timeout: text,
  evaluation_interval: text,
  external_labels: textMap,
};

export const ALERTING_OPTIONS: Options = {
  alert_relabel_configs: relabel,
  alertmanagers: mappings({
    scheme: text,
    path_prefix: text,
    timeout: text,
    relabel_configs: relabel,
    ...discovery,
    ...httpClient,
  }),
};

export const SCRAPE_OPTIONS: Options = {
  job_name: requiredText,
  honor_labels: boolean,
  params: listMap,
  scrape_interval: text,
  scrape_timeout: text,
  metrics_path: text,
  scheme: text,
  sample_limit: number,
  relabel_configs: relabel,
  metric_relabel_configs: relabel,
  ...discovery,
  ...httpClient,
};

export const REMOTE_WRITE_OPTIONS: Options = {
  url: requiredText,
  remote_timeout: text,
  headers: textMap,
  write_relabel_configs: relabel,
  queue_config: mapping({
    capacity: number,
    max_shards: number,
    max_samples_per_send: number,
    batch_send_deadline: text,
    max_retries: number,
    min_backoff: text,
    max_backoff: text,
  }),
  ...httpClient,
};

export const REMOTE_READ_OPTIONS: Options = {
  url: requiredText,
  remote_timeout: text,
  read_recent: boolean,
  headers: textMap,
  required_matchers: textMap,
  ...httpClient,
};

/** The sections that variables may fill. */
export const SECTIONS: Options = {
  global: mapping(GLOBAL_OPTIONS),
  alerting: mapping(ALERTING_OPTIONS),
  scrape_configs: mappings(SCRAPE_OPTIONS),
  remote_write: mappings(REMOTE_WRITE_OPTIONS),
  remote_read: mappings(REMOTE_READ_OPTIONS),
};
