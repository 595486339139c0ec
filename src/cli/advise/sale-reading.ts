import { decidedAround, saleFacts } from '../../advice/sale.js';
import type { SaleFacts } from '../../advice/facts.js';
import { CliError } from '../../errors.js';
import type { CouponStore } from '../../ports/coupon-store.js';
import type { OutcomeMinute } from '../../ports/store-history.js';
import type { Services } from '../services.js';

interface Start {
  readonly store: CouponStore;
  readonly atMs: number;
  readonly decided: readonly OutcomeMinute[];
}

/** What the store here decides while a group is observed. A store that can't be read says nothing. */
export class SaleReading {
  private constructor(
    private readonly services: Services,
    private readonly begun: Start | null,
  ) {}

  static async start(services: Services): Promise<SaleReading> {
    const begun = await orNull(services, async () => {
      const store = await services.readableStore();
      const atMs = services.clock.now();
      return { store, atMs, decided: await decidedAround(store, atMs, atMs) };
    });
    return new SaleReading(services, begun);
  }

  async end(): Promise<SaleFacts | null> {
    const { services, begun } = this;
    if (begun === null) return null;
    const { store, atMs } = begun;
    return orNull(services, async () => {
      const nowMs = services.clock.now();
      const after = await decidedAround(store, atMs, nowMs);
      return saleFacts(store, nowMs, { before: begun.decided, after });
    });
  }
}

async function orNull<T>({ output }: Services, read: () => Promise<T>): Promise<T | null> {
  return read().catch((error: unknown) => {
    if (!(error instanceof CliError)) throw error;
    output.detail(error.message);
    return null;
  });
}
