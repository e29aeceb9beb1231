import type { Logger } from '@docker-flow/daemon/log/logger';
import type { Orders } from '../core/notifications/delivery.js';
import type { Ledger } from '../core/notifications/delivery-ledger.js';
import type { ServiceAction } from '../core/services/service-model.js';
import type { Courier } from '../ports.js';

/** Carries out what the ledger orders. */
export function carryOut(orders: Orders, courier: Courier): void {
  for (const delivery of orders.cancel) courier.cancel(delivery);
  for (const delivery of orders.finish) courier.finish(delivery);
  for (const delivery of orders.start) courier.start(delivery);
}

export interface Teller {
  /** `again`: a removal that is under way starts over. */
  tell(actions: readonly ServiceAction[], flags?: { again?: boolean }): void;
}

/** From what is to be known to what is to be sent. */
export function createTeller(parts: {
  readonly ledger: Ledger;
  readonly courier: Courier;
  readonly logger: Logger;
  readonly onChange: () => void;
}): Teller {
  const { ledger, courier, logger, onChange } = parts;

  function tellOne(action: ServiceAction, again: boolean): void {
    switch (action.kind) {
      case 'present': {
        const { id, announcement, always, removeFirst } = action;
        const orders = ledger.present(id, announcement, { always, removeFirst });
        if (orders.unheard)
          logger.warn('com.df.notifyService names no receiver', {
            service: announcement.name,
            value: announcement.notifyService,
          });
        carryOut(orders, courier);
        return;
      }
      case 'absent':
        carryOut(
          ledger.absent(action.id, {
            again,
            ...(action.announcement ? { announcement: action.announcement } : {}),
          }),
          courier,
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
    tell(actions, { again = false } = {}) {
      for (const action of actions) tellOne(action, again);
      if (actions.length > 0) onChange();
    },
  };
}
