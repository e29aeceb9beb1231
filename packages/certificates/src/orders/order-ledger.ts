import {
  limitReached,
  pruneLedger,
  type Ledger,
  type LedgerOrder,
  type Limits,
  type Reached,
} from '../core/orders/limits.js';
import { LedgerFile } from '../store/saved-record.js';
import type { StateDirectory } from '../store/state-directory.js';

/** Orders and failures of the past, on the volume. */
export interface OrderLedger {
  ordered(order: LedgerOrder): Promise<void>;
  failed(failures: Ledger['failures']): Promise<void>;
  reached(order: Pick<LedgerOrder, 'names' | 'isRenewal'>): Reached | undefined;
}

const FILE = 'ledger.json';

export async function openOrderLedger(
  state: StateDirectory,
  limits: Limits,
  nowMs: () => number,
): Promise<OrderLedger> {
  let ledger: Ledger = (await state.readJson(FILE, LedgerFile)) ?? { orders: [], failures: [] };

  async function add(more: Ledger): Promise<void> {
    const both = {
      orders: [...ledger.orders, ...more.orders],
      failures: [...ledger.failures, ...more.failures],
    };
    const kept = pruneLedger(both, limits, nowMs());
    if (kept.orders.length + kept.failures.length + ledger.orders.length + ledger.failures.length === 0)
      return;
    ledger = kept;
    await state.write(FILE, JSON.stringify(ledger));
  }

  return {
    ordered: (order) => add({ orders: [order], failures: [] }),
    failed: (failures) => add({ orders: [], failures }),
    reached: (order) => limitReached(order, ledger, limits, nowMs()),
  };
}
