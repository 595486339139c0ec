/** What a parameter can be. A Buffer is sent as it is, in PostgreSQL's binary format. */
export type Value = string | number | bigint | Buffer | null;

/** A statement with its values, ready to send. */
export interface Query<Row = unknown, Values extends readonly Value[] = readonly Value[]> {
  /** Under which the server keeps the statement prepared; null: it is sent once. */
  readonly name: string | null;
  readonly text: string;
  readonly values: Values;
  /** Gives the rows, which the driver does not know the type of, theirs. */
  readonly rowsOf: (rows: readonly (readonly unknown[])[]) => readonly Row[];
}

/** What a statement's rows are, each an array of its columns. */
export type RowsOf<Queries extends readonly Query[]> = {
  readonly [Index in keyof Queries]: Queries[Index] extends Query<infer Row>
    ? readonly Row[]
    : never;
};

/**
 * A statement that is prepared once a connection. `Row` is what its columns are: int8 comes as a number,
 * bytea as text of hexadecimal digits.
 */
export function statement<
  Values extends readonly Value[],
  Row extends readonly unknown[] = readonly [],
>(name: string, text: string): (...values: Values) => Query<Row, Values> {
  const rowsOf = (rows: readonly (readonly unknown[])[]) => rows as readonly Row[];
  return (...values) => ({ name, text, values, rowsOf });
}

/** SQL that is sent once, without values. */
export function command<Row extends readonly unknown[] = readonly []>(text: string): Query<Row> {
  return { name: null, text, values: [], rowsOf: (rows) => rows as readonly Row[] };
}
