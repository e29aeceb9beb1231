import { builtInShortcut } from './built-in.js';
import { CERTIFICATE_SHORTCUTS } from './certificate-shortcuts.js';
import { CONTAINER_SHORTCUTS } from './container-shortcuts.js';
import { httpShortcuts } from './http-shortcuts.js';
import { nodeShortcuts, type NodeMetrics } from './node-shortcuts.js';
import { proxyShortcuts, type ProxyMetrics } from './proxy-shortcuts.js';
import type { Shortcuts } from './shortcut.js';

export interface ShortcutSettings {
  readonly nodeMetrics: NodeMetrics;
  readonly proxyMetrics: ProxyMetrics;
  /** 2 or 3: how the running server writes bucket bounds. */
  readonly prometheusMajor: number;
}

/** All shortcuts that are part of the program. */
export function builtInShortcuts({
  nodeMetrics,
  proxyMetrics,
  prometheusMajor,
}: ShortcutSettings): Shortcuts {
  const all = [
    ...CONTAINER_SHORTCUTS,
    ...nodeShortcuts(nodeMetrics),
    ...httpShortcuts(prometheusMajor),
    ...proxyShortcuts(proxyMetrics),
    ...CERTIFICATE_SHORTCUTS,
  ];
  return new Map(all.map((definition) => [definition.name, builtInShortcut(definition)]));
}
