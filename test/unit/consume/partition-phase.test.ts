import { describe, expect, it } from 'vitest';
import {
  nextPhase,
  type PartitionEvent,
  type PartitionPhase,
} from '../../../src/consume/partition/partition-phase.js';

const PHASES: Readonly<Record<string, PartitionPhase>> = {
  starting: { kind: 'starting' },
  reading: { kind: 'reading' },
  'retrying 1': { kind: 'retrying', offset: 7n, failures: 1 },
  'retrying 2': { kind: 'retrying', offset: 7n, failures: 2 },
  'retrying 3': { kind: 'retrying', offset: 7n, failures: 3 },
  'giving-up': { kind: 'giving-up', offset: 7n },
};

const EVENTS: Readonly<Record<string, PartitionEvent>> = {
  started: { kind: 'started' },
  applied: { kind: 'applied' },
  refused: { kind: 'refused', offset: 7n },
  'another refused': { kind: 'refused', offset: 9n },
  unavailable: { kind: 'unavailable' },
  'moved on': { kind: 'moved-on' },
};

/** The table of partition-phase.ts; null: it cannot happen. */
const TRANSITIONS: Readonly<Record<string, Readonly<Record<string, string | null>>>> = {
  starting: {
    started: 'reading',
    applied: null,
    refused: null,
    'another refused': null,
    unavailable: 'starting',
    'moved on': null,
  },
  reading: {
    started: null,
    applied: 'reading',
    refused: 'retrying 1',
    'another refused': 'retrying 1 of 9',
    unavailable: 'reading',
    'moved on': 'starting',
  },
  'retrying 1': {
    started: null,
    applied: 'reading',
    refused: 'retrying 2',
    'another refused': 'retrying 1 of 9',
    unavailable: 'retrying 1',
    'moved on': 'starting',
  },
  'retrying 2': {
    started: null,
    applied: 'reading',
    refused: 'retrying 3',
    'another refused': 'retrying 1 of 9',
    unavailable: 'retrying 2',
    'moved on': 'starting',
  },
  'retrying 3': {
    started: null,
    applied: 'reading',
    refused: 'giving-up',
    'another refused': 'retrying 1 of 9',
    unavailable: 'retrying 3',
    'moved on': 'starting',
  },
  'giving-up': {
    started: null,
    applied: 'reading',
    refused: null,
    'another refused': null,
    unavailable: 'giving-up',
    'moved on': 'starting',
  },
};

const named = (name: string): PartitionPhase | undefined =>
  name === 'retrying 1 of 9' ? { kind: 'retrying', offset: 9n, failures: 1 } : PHASES[name];

describe.each(Object.keys(PHASES))('a partition that is %s', (phaseName) => {
  it.each(Object.keys(EVENTS))('and is %s goes where the table says', (eventName) => {
    const phase = PHASES[phaseName];
    const event = EVENTS[eventName];
    if (phase === undefined || event === undefined) throw new Error('the table has a gap');
    const expected = TRANSITIONS[phaseName]?.[eventName];
    if (expected === null) {
      expect(() => nextPhase(phase, event)).toThrow(/can't be/);
    } else {
      expect(nextPhase(phase, event)).toEqual(named(expected ?? 'missing'));
    }
  });
});
