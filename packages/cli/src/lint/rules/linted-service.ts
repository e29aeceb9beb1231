import type { ServiceRequest } from '@docker-flow/certificates/core/wishes/service-request';
import type { ProxyService } from '@docker-flow/labels';
import type { Stack, StackService } from '../../stack/stack.js';
import type { LabelView } from '../written/label-view.js';
import type { LintedAlert } from './monitor-rules.js';
import type { LintedTarget } from './target-rules.js';

/** A service whose labels were looked at one by one, for rules that compare services. */
export interface LintedService {
  readonly stack: Stack;
  readonly service: StackService;
  readonly view: LabelView;
  /** `com.df.notify` is true, or is not said at all. */
  readonly isNotified: boolean;
  /** Every label that decides about its routes could be read: it can be compared with others. */
  readonly isCertain: boolean;
  /** As the proxy would route it; absent when it asks for no route or is refused. */
  readonly routed?: ProxyService;
  readonly alerts: readonly LintedAlert[];
  readonly targets: readonly LintedTarget[];
  /** The certificate it asks for. */
  readonly certificate?: ServiceRequest;
}
