import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../../src/store/postgres/connection/connection.js';
import { command, type Query } from '../../../../src/store/postgres/connection/query.js';
import {
  transaction,
  type TransactionConnection,
} from '../../../../src/store/postgres/transaction.js';

/** A connection that notes what is sent together, and answers each query by its first word. */
class NotingConnection implements TransactionConnection {
  readonly sent: (readonly string[])[] = [];
  isLost = false;

  constructor(private readonly answers: Readonly<Record<string, string | Error>> = {}) {}

  async run<Row>(query: Query<Row>): Promise<Answer<Row>> {
    this.sent.push([query.text]);
    return this.#answer(query);
  }

  runTogether(queries: readonly Query[]): Promise<readonly Answer<unknown>[]> {
    this.sent.push(queries.map(({ text }) => text));
    return Promise.all(queries.map((query) => this.#answer(query)));
  }

  #answer<Row>({ text, rowsOf }: Query<Row>): Promise<Answer<Row>> {
    const [word = ''] = text.split(' ');
    const answer = this.answers[word] ?? word;
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve({ rows: rowsOf([[text]]), command: answer, rowCount: 1 });
  }
}

const reads = [
  command<readonly [string]>('SELECT 1'),
  command<readonly [string]>('SELECT 2'),
] as const;
const writes = [command('INSERT 1'), command('UPDATE 2')];
const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED';

describe('a transaction', () => {
  it('takes two round trips: BEGIN goes with the reads, COMMIT with the writes', async () => {
    const connection = new NotingConnection();

    const result = await transaction(connection, {
      reads,
      decide: ([[first], [second]]) => ({ result: [first, second], writes }),
    });

    expect(result).toEqual([['SELECT 1'], ['SELECT 2']]);
    expect(connection.sent).toEqual([
      [BEGIN, 'SELECT 1', 'SELECT 2'],
      ['INSERT 1', 'UPDATE 2', 'COMMIT'],
    ]);
  });

  it.each([
    ['a read', 'SELECT', 2],
    ['a write', 'INSERT', 3],
    ['the COMMIT', 'COMMIT', 3],
  ])('is rolled back where %s fails', async (_, word, trips) => {
    const failure = new Error('no');
    const connection = new NotingConnection({ [word]: failure });

    const running = transaction(connection, {
      reads,
      decide: () => ({ result: 'done', writes }),
    });

    await expect(running).rejects.toBe(failure);
    expect(connection.sent).toHaveLength(trips);
    expect(connection.sent.at(-1)).toEqual(['ROLLBACK']);
  });

  it('is rolled back where the decision fails', async () => {
    const connection = new NotingConnection();
    const bug = new TypeError('a bug');

    const running = transaction(connection, {
      reads,
      decide: () => {
        throw bug;
      },
    });

    await expect(running).rejects.toBe(bug);
    expect(connection.sent.at(-1)).toEqual(['ROLLBACK']);
  });

  it('was not committed where the COMMIT is answered by ROLLBACK', async () => {
    const connection = new NotingConnection({ COMMIT: 'ROLLBACK' });

    const running = transaction(connection, {
      reads,
      decide: () => ({ result: 'done', writes }),
    });

    await expect(running).rejects.toThrow('rolled back');
  });

  it('sends nothing more on a connection that is lost', async () => {
    const connection = new NotingConnection({ SELECT: new Error('lost') });
    connection.isLost = true;

    await expect(
      transaction(connection, { reads, decide: () => ({ result: 'done', writes }) }),
    ).rejects.toThrow('lost');

    expect(connection.sent).toHaveLength(1);
  });
});
