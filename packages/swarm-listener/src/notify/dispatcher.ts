import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Action } from '../core/notifications/announcement.js';
import type { Orders } from '../core/notifications/delivery.js';
import type { DeliveryLedger, PresentFlags } from '../core/notifications/delivery-ledger.js';
import type { DeliveryQueue } from '../ports.js';

/** The one way from what receivers shall know to what is sent. */
export interface Dispatcher {
  /** `again`: a removal that is under way starts over. */
  dispatch(actions: readonly Action[], flags?: { readonly again?: boolean }): void;
  /** Tries removals again that were given up. */
  retryRemovals(): void;
}

export interface DispatcherDeps {
  readonly ledger: DeliveryLedger;
  readonly queue: DeliveryQueue;
  readonly logger: Logger;
  /** What receivers shall know has changed, or may have. */
  readonly onChange: () => void;
}

export function createDispatcher({ ledger, queue, logger, onChange }: DispatcherDeps): Dispatcher {
  function apply({ cancel, finish, start, nameIssues }: Orders): void {
    for (const issue of nameIssues) logger.warn('A label is not in force', { ...issue });
    for (const delivery of cancel) queue.cancel(delivery);
    for (const delivery of finish) queue.finish(delivery);
    for (const delivery of start) queue.start(delivery);
  }

  function present({ id, announcement, ...flags }: Extract<Action, { kind: 'present' }>): void {
    apply(ledger.present(id, announcement, flags satisfies PresentFlags));
  }

  function dispatchOne(action: Action, again: boolean): void {
    switch (action.kind) {
      case 'present':
        present(action);
        return;
      case 'absent':
        apply(ledger.absent(action.id, { ...action, again }));
        return;
      case 'not converged':
        logger.error('Service did not converge and is not announced until it changes', {
          service: action.name,
          reason: action.reason,
        });
        return;
      case 'convergence timeout':
        logger.warn('Service has not converged in time and is announced as it is', { service: action.name });
    }
  }

  return {
    dispatch(actions, { again = false } = {}) {
      for (const action of actions) dispatchOne(action, again);
      if (actions.length > 0) onChange();
    },
    retryRemovals: () => apply(ledger.retryRemovals()),
  };
}
