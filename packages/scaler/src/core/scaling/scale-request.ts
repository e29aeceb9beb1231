import type { Step } from '@docker-flow/labels';

export type Direction = 'up' | 'down';

/** What is asked for: one step in a direction (`by` beats label and default), or an absolute count. */
export type ScaleRequest =
  | { readonly kind: 'step'; readonly direction: Direction; readonly by: Step | undefined }
  | { readonly kind: 'target'; readonly count: number };

/** `scale up`, `scale down by 2`, `scale up by 50%`, `scale to 4 replicas`; `unit` is what is counted. */
export function describeScaleRequest(request: ScaleRequest, unit = 'replicas'): string {
  if (request.kind === 'target') return `scale to ${request.count} ${unit}`;
  const { by, direction } = request;
  return by === undefined ? `scale ${direction}` : `scale ${direction} by ${formatStep(by)}`;
}

/** `2` or `50%`. */
export function formatStep({ size, unit }: Step): string {
  return unit === 'percent' ? `${size}%` : String(size);
}
