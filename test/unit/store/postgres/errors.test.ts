import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { UnreachableError } from '../../../../src/errors.js';
import { RecordRefusedError, StoreUnavailableError } from '../../../../src/ports/coupon-store.js';
import { ConnectionError } from '../../../../src/store/postgres/connection/connection.js';
import { duringWork, isRace, whileOpening } from '../../../../src/store/postgres/errors.js';

const NAME = 'postgres://coupons@db.example.com/coupons?schema=coupons';

function databaseError(state: string): Error {
  return Object.assign(new pg.DatabaseError('its words', 0, 'error'), { code: state });
}

describe('an error of PostgreSQL during work', () => {
  it.each([
    ['08006', 'STORE_UNREACHABLE'],
    ['22P05', 'STORE_CANNOT_OPEN'],
    ['25006', 'STORE_READ_ONLY'],
    ['28P01', 'STORE_LOGIN_REFUSED'],
    ['40001', 'STORE_BUSY'],
    ['40P01', 'STORE_BUSY'],
    ['42501', 'STORE_CANNOT_OPEN'],
    ['42P01', 'STORE_FAILED'],
    ['53100', 'STORE_FULL'],
    ['53200', 'STORE_OUT_OF_MEMORY'],
    ['53300', 'STORE_TOO_MANY_CONNECTIONS'],
    ['55P03', 'STORE_BUSY'],
    ['57014', 'STORE_BUSY'],
    ['57P01', 'STORE_UNREACHABLE'],
    ['57P02', 'STORE_UNREACHABLE'],
    ['57P03', 'STORE_UNREACHABLE'],
    ['58030', 'STORE_IO_ERROR'],
    ['XX000', 'STORE_FAILED'],
    ['XX001', 'STORE_CORRUPT'],
  ])('%s is the store’s failure: %s', (state, code) => {
    const thrown = duringWork(databaseError(state), NAME);

    expect(thrown).toBeInstanceOf(StoreUnavailableError);
    expect(thrown).toMatchObject({ code });
    expect(String(thrown)).toContain(`The store ${NAME} failed`);
    expect(String(thrown)).toContain(`${state}: its words`);
  });

  it.each(['22021', '22003', '23505', '23514', '54000', 'P0001', 'CPN01'])(
    '%s is the fault of a record',
    (state) => {
      expect(duringWork(databaseError(state), NAME)).toBeInstanceOf(RecordRefusedError);
    },
  );
});

it('an error of the connection is the store’s failure', () => {
  const thrown = duringWork(new ConnectionError('read ECONNRESET'), NAME);

  expect(thrown).toMatchObject({ name: 'StoreUnavailableError', code: 'STORE_UNREACHABLE' });
});

it('any other error is a bug, and stays as it is', () => {
  const bug = new RangeError('there is no outcome 9');

  expect(duringWork(bug, NAME)).toBe(bug);
});

it.each([
  ['23505', true],
  ['40001', true],
  ['40P01', true],
  ['23514', false],
  ['57P01', false],
])('another transaction was first where it says %s: %s', (state, expected) => {
  expect(isRace(databaseError(state))).toBe(expected);
});

describe('an error while opening', () => {
  it.each([
    ['3D000', 'STORE_CANNOT_OPEN', 'Create the database'],
    ['28000', 'STORE_LOGIN_REFUSED', 'pg_hba.conf'],
    ['53300', 'STORE_TOO_MANY_CONNECTIONS', 'max_connections'],
    ['42501', 'STORE_CANNOT_OPEN', 'schema'],
  ])('%s says %s and what to do', (state, code, hint) => {
    const thrown = whileOpening(databaseError(state), NAME);

    expect(thrown).toMatchObject({ code, exitCode: 4 });
    expect(thrown.message).toContain(`Cannot open the store ${NAME}`);
    expect(thrown.hint).toContain(hint);
  });

  it('that was thrown with words already stays as it is', () => {
    const known = new UnreachableError('STORE_NOT_FOUND', 'There is no store.', 'Create one.');

    expect(whileOpening(known, NAME)).toBe(known);
  });
});
