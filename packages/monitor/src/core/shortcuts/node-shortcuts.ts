import type { BuiltIn } from './built-in.js';

/** Names of node_exporter before 0.16 (2018) and since. */
export type NodeMetrics = 'legacy' | 'modern';

const REAL_DISKS = 'fstype!~"tmpfs|devtmpfs|overlay|squashfs|nsfs|ramfs|iso9660"';
const SHARE = { name: 'SHARE' };

interface NodeNames {
  readonly total: string;
  readonly free: string;
  readonly buffers: string;
  readonly cached: string;
  readonly diskSize: string;
  readonly diskFree: string;
  readonly disks: string;
}

const NAMES: Readonly<Record<NodeMetrics, NodeNames>> = {
  legacy: {
    total: 'node_memory_MemTotal',
    free: 'node_memory_MemFree',
    buffers: 'node_memory_Buffers',
    cached: 'node_memory_Cached',
    diskSize: 'node_filesystem_size',
    diskFree: 'node_filesystem_free',
    disks: 'fstype="aufs"',
  },
  modern: {
    total: 'node_memory_MemTotal_bytes',
    free: 'node_memory_MemFree_bytes',
    buffers: 'node_memory_Buffers_bytes',
    cached: 'node_memory_Cached_bytes',
    diskSize: 'node_filesystem_size_bytes',
    diskFree: 'node_filesystem_avail_bytes',
    disks: REAL_DISKS,
  },
};

/** Shortcuts over the metrics of node_exporter. They belong on the exporter's service: its name is the job. */
export function nodeShortcuts(metrics: NodeMetrics): readonly BuiltIn[] {
  const { total, free, buffers, cached, diskSize, diskFree, disks } = NAMES[metrics];
  const memory = (s: string, sum: string) => {
    const job = `{job="${s}"}`;
    return `(${sum}(${total}${job}) - ${sum}(${free}${job} + ${buffers}${job} + ${cached}${job})) / ${sum}(${total}${job})`;
  };
  return [
    {
      name: '@node_mem_limit',
      parameters: [SHARE],
      expression: ({ s, v }) => `${memory(s, 'sum by (instance) ')} > ${v[0]}`,
      summary: ({ v }) => `Memory of a node is over ${v[0]}`,
    },
    {
      name: '@node_mem_limit_total_above',
      parameters: [SHARE],
      labels: { scale: 'up', type: 'node' },
      expression: ({ s, v }) => `${memory(s, 'sum')} > ${v[0]}`,
      summary: ({ v }) => `Total memory of the nodes is over ${v[0]}`,
    },
    {
      name: '@node_mem_limit_total_below',
      parameters: [SHARE],
      labels: { scale: 'down', type: 'node' },
      expression: ({ s, v }) => `${memory(s, 'sum')} < ${v[0]}`,
      summary: ({ v }) => `Total memory of the nodes is below ${v[0]}`,
    },
    {
      name: '@node_fs_limit',
      parameters: [SHARE],
      expression: ({ s, v }) => {
        const matchers = `{${disks}, job="${s}"}`;
        return `(${diskSize}${matchers} - ${diskFree}${matchers}) / ${diskSize}${matchers} > ${v[0]}`;
      },
      summary: ({ v }) => `Disk usage of a node is over ${v[0]}`,
    },
    {
      name: '@node_cpu_limit',
      parameters: [SHARE, { name: 'WINDOW', default: '5m' }],
      expression: ({ s, v }) =>
        `1 - avg by (instance) (rate(node_cpu_seconds_total{job="${s}", mode="idle"}[${v[1]}])) > ${v[0]}`,
      summary: ({ v }) => `CPU of a node is over ${v[0]}`,
    },
    {
      name: '@node_disk_full_in',
      parameters: [{ name: 'HOURS' }],
      expression: ({ s, v }) =>
        `predict_linear(node_filesystem_avail_bytes{job="${s}", ${REAL_DISKS}}[6h], ${v[0]} * 3600) < 0`,
      summary: ({ v }) => `A disk of a node is expected to be full within ${v[0]} hours`,
    },
  ];
}
