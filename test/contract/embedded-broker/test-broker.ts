import { onTestFinished } from 'vitest';
import { startEmbeddedBroker, type EmbeddedBroker } from '../../support/broker/embedded-broker.js';

/** A broker that is stopped when the test ends. */
export async function testBroker(): Promise<EmbeddedBroker> {
  const broker = await startEmbeddedBroker();
  onTestFinished(() => broker.stop());
  return broker;
}
