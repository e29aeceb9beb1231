import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Orders } from '../core/notifications/delivery.js';
import type { Ledger } from '../core/notifications/delivery-ledger.js';
import type { ServiceAction } from '../core/services/service-model.js';
import type { DeliveryQueue } from '../ports.js';

/** Carries out what the ledger orders. */
export function apply(orders: Orders, queue: DeliveryQueue): void {
  for (const delivery of orders.cancel) queue.cancel(delivery);
  for (const delivery of orders.finish) queue.finish(delivery);
  for (const delivery of orders.start) queue.start(delivery);
}

export interface Dispatcher {
  /** `again`: a removal that is under way starts over. */
  dispatch(actions: readonly ServiceAction[], flags?: { again?: boolean }): void;
}

/** From what is to be known to what is to be sent. */
export function createDispatcher(parts: {
  readonly ledger: Ledger;
  readonly queue: DeliveryQueue;
  readonly logger: Logger;
  readonly onChange: () => void;
}): Dispatcher {
  const { ledger, queue, logger, onChange } = parts;

  function dispatchOne(action: ServiceAction, again: boolean): void {
    switch (action.kind) {
      case 'present': {
        const { id, announcement, always, removeFirst } = action;
        const orders = ledger.present(id, announcement, { always, removeFirst });
        if (orders.hasNoReceiver)
          logger.warn('com.df.notifyService names no receiver', {
            service: announcement.name,
            value: announcement.notifyService,
          });
        apply(orders, queue);
        return;
      }
      case 'absent':
        apply(
          ledger.absent(action.id, {
            again,
            ...(action.announcement ? { announcement: action.announcement } : {}),
          }),
          queue,
        );
        return;
      case 'not converged':
        logger.error('Service did not converge and is not announced until it changes', {
          service: action.service.name,
          reason: action.reason,
        });
        return;
      case 'convergence timeout':
        logger.warn('Service has not converged in time and is announced as it is', {
          service: action.service.name,
        });
    }
  }

  return {
    dispatch(actions, { again = false } = {}) {
      for (const action of actions) dispatchOne(action, again);
      if (actions.length > 0) onChange();
    },
  };
}
