import { Counter, Gauge, type Registry } from 'prom-client';

/** Registers metrics whose value is asked for at each scrape. */
export interface ScrapedMetrics {
  readonly counter: (name: string, help: string, value: () => number) => void;
  readonly gauge: (name: string, help: string, value: () => number) => void;
}

export function scrapedIn(registry: Registry): ScrapedMetrics {
  const registers = [registry];
  return {
    counter(name, help, value) {
      new Counter({
        ...{ name, help, registers },
        collect() {
          this.reset();
          this.inc(value());
        },
      });
    },
    gauge(name, help, value) {
      new Gauge({
        ...{ name, help, registers },
        collect() {
          this.set(value());
        },
      });
    },
  };
}
