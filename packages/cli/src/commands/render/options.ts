import type { StackOptions } from '../stack-options.js';

/** What can be shown alone. */
export const RENDER_PARTS = ['haproxy.cfg', 'prometheus.yml', 'alert.rules', 'notifications'] as const;

/** What the command line says, as commander gives it. */
export interface RenderOptions extends StackOptions {
  readonly only?: (typeof RENDER_PARTS)[number];
  readonly service?: string;
  readonly format: 'text' | 'json';
  readonly raw: boolean;
  readonly promtool?: string;
  readonly haproxy?: string;
}
