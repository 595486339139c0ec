import { Gauge, type Registry } from 'prom-client';

/** Says in `registry` which version of the program, on which Node.js, the other metrics come from. */
export function registerBuildInfo(registry: Registry, version: string): void {
  new Gauge({
    name: 'coupons_build_info',
    help: 'Always 1. The labels are the version of coupons and of Node.js.',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.versions.node }, 1);
}
