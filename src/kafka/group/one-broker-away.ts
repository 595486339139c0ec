import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { errorOf } from '../../errors.js';
import { isUnreachable } from '../client/errors.js';
import { changeBrokers } from '../client/inside/clusters.js';
import type { RawCluster } from '../client/inside/objects.js';

/** Between two attempts to fetch from a broker that is away. */
const PAUSE_MS = 500;

/**
 * Makes a consumer whose cluster has lost one of its brokers read on from the others. kafkajs stops all its fetches where
 * one fails, and waits for longer each time, so that every partition stood still for 20 s. Where the broker looks unknown
 * to it, kafkajs asks for the metadata, which says who leads now, and goes on.
 */
export function fetchingOn(cluster: RawCluster): void {
  const findBroker = cluster.findBroker.bind(cluster);
  cluster.findBroker = (query) => findBroker(query).catch(asUnknownBroker);
  changeBrokers(cluster, (broker) => {
    const fetch = broker.fetch.bind(broker);
    broker.fetch = (request) => fetch(request).catch(asUnknownBroker);
  });
}

async function asUnknownBroker(error: unknown): Promise<never> {
  if (!isUnreachable(error)) throw error;
  await sleep(PAUSE_MS);
  const cause = errorOf(error);
  throw Object.assign(new kafkajs.KafkaJSError(cause), { name: 'KafkaJSBrokerNotFound', cause });
}
