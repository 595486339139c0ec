/** The words of the steps of src/advice/step.ts: command, reason, effect and limits. */
import { RECORDS_PER_SECOND, type StoreKind } from '../../advice/capacity.js';
import type { AdviceStep } from '../../advice/step.js';
import type { ConsumeMode } from '../../consume/consume-mode.js';
import { CONSUMER_GROUP } from '../../coupon/topics.js';
import { count, counted, perSecond } from '../../text/figures.js';
import { shellWord } from '../../text/shell-word.js';
import { HOW_TRANSACTIONS_END } from '../../records/open-transaction.js';
import { mismatchFix } from './store-mismatch.js';
import { batchGain, percent, rateAfter, timesFaster } from '../figures.js';
import { inWords, type Words } from '../in-words.js';

export interface StepText {
  readonly action: string;
  /** Quoted for a shell. */
  readonly command: string;
  readonly why: string;
  readonly expected: string;
  /** When it won't help, and what it costs. */
  readonly limits: string;
}

export function stepText(step: AdviceStep): StepText {
  return inWords(STEPS, step);
}

/** Where members can run. */
const RUN_ON: Readonly<Record<StoreKind, string>> = {
  sqlite: 'so they run on its machine',
  postgres: 'so they have the same --store, on whichever hosts they run',
};

const STEPS: Words<AdviceStep, StepText> = {
  USE_THE_GROUPS_STORE: ({ group, mismatch, host }) => ({
    action: 'Use the store of the group',
    command: mismatchFix(mismatch, { group, host }),
    why: 'A group has one store. `consume` refuses this one, and what it answers here is not what the group has decided.',
    expected: 'With the right store, `coupons advise` says what else there is to do.',
    limits:
      '`coupons store take-over` is for a store that is to take the place of the other one on purpose, while the group has no members.',
  }),
  START_CONSUMERS: ({ group, members, partitions, mode }) => ({
    action: 'Start consumers',
    command: consume(group, members, mode),
    why: 'The group has no member, so nothing is read.',
    expected: `${counted(members, 'member')} share ${counted(partitions, 'partition')} within seconds, and the lag falls.`,
    limits: 'They must use the store that the group has used so far (--store).',
  }),
  FIND_THE_PRODUCER: ({ transaction: { topic, partition }, bootstrap }) => ({
    action: 'Find the producer of the open transaction',
    command: `kafka-transactions --bootstrap-server ${bootstrap} describe-producers --topic ${topic} --partition ${String(partition)}`,
    why: 'The group has read all that it can; the rest waits behind a transaction that is open. The store and the members are not the cause.',
    expected:
      'It lists the producers of the partition; the one with a CurrentTransactionStartOffset has the transaction.',
    limits: `Usually it is enough to wait. ${HOW_TRANSACTIONS_END} One that Kafka does not end can be aborted with \`kafka-transactions abort\`.`,
  }),
  READ_THE_LOG: ({ group, logPath }) => ({
    action: "Find the cause in the consumer's log",
    command: `tail -n 50 ${shellWord(logPath)}`,
    why: 'There are members and records to read, but no offset is committed: the store is down, locked or full, or a record is retried again and again.',
    expected:
      'A line "... fails, attempt ..." names the cause. When the cause is gone, the members go on without a restart.',
    limits: `More members of ${group} would wait for the same thing. This is the log of this machine: look where the consumers run.`,
  }),
  REPAIR_REPLICAS: ({ topic }) => ({
    action: `Bring the brokers of ${topic} back`,
    command: `coupons topics describe ${topic}`,
    why: 'Partitions of it can be neither read nor written, or take no writes: more consumers, partitions or batches do not change that.',
    expected:
      'It names the brokers that are missing. When they are back, the members go on without a restart.',
    limits:
      'Lowering min.insync.replicas lets writes through, and risks those that only one broker has.',
  }),
  FIX_THE_STORE: () => ({
    action: 'Make the store work again',
    command: 'coupons doctor',
    why: 'The store could not be read from here. While it is away, the members wait for it and decide nothing.',
    expected:
      'It says what is wrong with the store. When it works again, the members go on without a restart.',
    limits:
      'It is the store of this machine (--store): the members may use it over another network.',
  }),
  OBSERVE_LONGER: ({ group, seconds }) => ({
    action: 'Observe for longer',
    command: `coupons advise --observe ${String(seconds)}${groupFlag(group)}`,
    why: 'Without a commit it is not known whether the group reads.',
    expected: 'Two commits of a group that commits once a minute, and so its rate.',
    limits: 'A group that commits less often looks stalled all the same.',
  }),
  FIND_WHY_DEAD_LETTERS_COME: () => ({
    action: 'Find out why dead letters come',
    command: 'coupons dlq stats --since 10m',
    why: 'Requests that fail now get no coupon before they are replayed.',
    expected: 'The reasons, campaigns and times of the latest dead letters.',
    limits:
      'Replay them when the cause is gone (`coupons dlq replay`): before, they would fail again.',
  }),
  LIMIT_THE_PRODUCER: ({ bootstrap, bytesPerSecond, outPerSecond }) => ({
    action: 'Limit the producer',
    command: `kafka-configs --bootstrap-server ${bootstrap} --alter --add-config producer_byte_rate=${String(bytesPerSecond)} --entity-type clients --entity-name CLIENT_ID`,
    why: 'More is sent than any number of members should read, and honest requests wait behind it.',
    expected: `The client with this client.id sends about ${perSecond(outPerSecond)} to each broker at most, as much as the group reads now.`,
    limits:
      'Records do not say which client sent them: ask who deployed, or look at the byte-rate of the brokers (JMX, kafka.server:type=Produce). What has arrived stays and is read. `--delete-config producer_byte_rate` ends the quota.',
  }),
  DEACTIVATE_CAMPAIGN: ({ couponId, share, unread }) => ({
    action: `Deactivate campaign ${String(couponId)}, if it must not sell out to the flood`,
    command: `coupons campaigns update ${String(couponId)} --status INACTIVE`,
    why: `${percent(share)} of the unread requests are for it.`,
    expected: 'No coupon of it is issued from the next request on.',
    limits: `INACTIVE is final: the ${count(unread)} requests that wait, honest ones too, get no coupon, also when the campaign is active again. Only newer requests do.`,
  }),
  WAIT: ({ group, etaSeconds, timeoutSeconds }) => ({
    action: 'Wait',
    command: `coupons lag${groupFlag(group)} --wait --timeout ${String(timeoutSeconds)}`,
    why: 'The group reads faster than new records arrive.',
    expected: `The lag is 0 in about ${String(etaSeconds)} s.`,
    limits: 'Only while records do not arrive faster than now.',
  }),
  LEAVE_SCHEDULER: ({ group, members, storeKind }) => ({
    action: 'Leave scheduler mode',
    command: consume(group, members, 'single'),
    why: 'The scheduler wakes every 5 s and takes up to 100 records: at most 20 a second.',
    expected: `Records are read as they arrive: up to about ${perSecond(RECORDS_PER_SECOND[storeKind].single)} on a machine with 2 cores.`,
    limits: 'Stop the scheduler first (ctrl-C): otherwise it keeps some of the partitions.',
  }),
  MORE_CONSUMERS: ({ group, members, running, partitions, mode, outPerSecond, storeKind }) => ({
    action: 'More consumers',
    command: consume(group, members, mode),
    why: `${counted(running, 'member')} ${running === 1 ? 'reads' : 'read'} ${counted(partitions, 'partition')}: this is the easiest step, and it takes effect at once.`,
    expected: `${counted(members, 'member')} ${members === 1 ? 'joins' : 'join'} the ${running === 1 ? 'one that runs' : `${count(running)} that run`}: up to ${timesFaster(partitions, running)} times as many records a second${about(rateAfter(outPerSecond, partitions, running))}.`,
    limits: `At most one member reads a partition: beyond ${counted(partitions, 'member')} the others are idle. All members write to one store, ${RUN_ON[storeKind]}.`,
  }),
  MORE_PARTITIONS: ({ group, topic, partitions, movedOnSale, ...shares }) => ({
    action: movedOnSale.length === 0 ? 'More partitions' : 'More partitions, after the sale',
    command: `coupons topics alter ${topic} --partitions ${String(partitions)} --wait-drained${groupFlag(group)}`,
    why: `The busiest partition has ${percent(shares.busiestShareNow)} of the records; with ${String(partitions)} partitions it would have ${percent(shares.busiestShareThen)}.`,
    expected: `With ${String(partitions)} members, new requests are read up to ${(shares.busiestShareNow / shares.busiestShareThen).toFixed(1)} times as fast.`,
    limits: `Unread records stay on their partitions. Partitions can't be removed again. Campaigns that move to another partition lose their order unless ${group} has read everything first.`,
  }),
  BATCH_MODE: ({ group, members, mode, storeKind }) => ({
    action: `Batch mode${mode === null ? ' (unless the members use it already)' : ''}`,
    command: consume(group, members, 'batch'),
    why: 'With one record a transaction, a few records share a sync of the disk; in a batch 100 do. It is the only step that speeds up a single campaign.',
    expected: `Up to about ${batchGain(storeKind)} times as many records a second.`,
    limits:
      'Stop the present members first (ctrl-C: they finish their current records). At low load a record may wait up to half a second for its batch.',
  }),
  LARGER_BATCHES: ({ group, members, batchSize }) => ({
    action: 'Larger batches',
    command: `${consume(group, members, 'batch')} --batch-size ${String(batchSize)}`,
    why: 'The members use batches already; in larger ones, more records share the cost of a transaction.',
    expected:
      'More records a second, if the batch size is below 100 now; from 100 on only where the disk syncs slowly.',
    limits: `Batches above ${String(batchSize)} gain little: then the store is the bottleneck, one writer on one disk.`,
  }),
  KEEP_LONGER: ({ topic, bootstrap, age, size }) => {
    const settings = [
      ...(age === null ? [] : [`retention.ms=${String(age.newValue)}`]),
      ...(size === null ? [] : [`retention.bytes=${String(size.newValue)}`]),
    ];
    const reached = [
      ...(age === null ? [] : [`they have waited ${percent(age.share)} of retention.ms`]),
      ...(size === null ? [] : [`they fill ${percent(size.share)} of retention.bytes`]),
    ];
    return {
      action: 'Keep unread records longer',
      command: `kafka-configs --bootstrap-server ${bootstrap} --alter --entity-type topics --entity-name ${topic} --add-config ${settings.join(',')}`,
      why: `Retention would delete the oldest unread records: ${reached.join(', and ')}.`,
      expected: 'The topic keeps its records twice as long, or twice as many.',
      limits: 'It takes disk space. Records that are deleted already do not come back.',
    };
  },
};

function consume(group: string, members: number, mode: ConsumeMode | null): string {
  const modeFlag = mode === null || mode === 'single' ? '' : ` --mode ${mode}`;
  return `coupons consume --concurrency ${String(members)}${modeFlag}${groupFlag(group)}`;
}

function groupFlag(group: string): string {
  return group === CONSUMER_GROUP ? '' : ` --group ${shellWord(group)}`;
}

function about(rate: number | null): string {
  return rate === null ? '' : `, about ${count(rate)}/s`;
}
