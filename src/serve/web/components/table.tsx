import { Component, type ComponentChildren } from 'preact';
import { usePage } from '../page.js';
import type { Sorting } from '../sorting.js';

export interface Column<Row, Key extends string = string> {
  readonly key: Key;
  readonly title: string;
  /** Figures stand at the right. */
  readonly isNumeric?: boolean;
  /** The least width of the table, not the window, that shows it. */
  readonly from?: 'narrow' | 'medium' | 'wide';
  /** It names the row. */
  readonly isHeader?: boolean;
  readonly canSort?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
}

interface TableProps<Row, Key extends string> {
  /** What the rows are, for those who can't see the title. */
  readonly label: string;
  /** Must be the same object while the columns do not change: rows are drawn again with each new one. */
  readonly columns: readonly Column<Row, Key>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string | number;
  readonly sorting?: Sorting<Key> | null;
  readonly onSort?: (key: Key) => void;
  /** Below a row, over its whole width. */
  readonly detail?: (row: Row) => ComponentChildren;
}

/** A row is drawn again only where the row itself is another object. */
export function Table<Row, Key extends string>(props: TableProps<Row, Key>) {
  const { label, columns, rows, keyOf, sorting, onSort, detail } = props;
  return (
    <div class="table-room" role="group" aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <Head key={column.key} column={column} sorting={sorting} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const below = detail?.(row) ?? null;
            return [
              <Line key={keyOf(row)} row={row} columns={columns} />,
              below !== null && (
                <tr key={`${String(keyOf(row))}-detail`} class="detail">
                  <td colSpan={columns.length}>{below}</td>
                </tr>
              ),
            ];
          })}
        </tbody>
      </table>
    </div>
  );
}

interface HeadProps<Row, Key extends string> {
  readonly column: Column<Row, Key>;
  readonly sorting: Sorting<Key> | null | undefined;
  readonly onSort: ((key: Key) => void) | undefined;
}

const ARROWS = { ascending: '↑', descending: '↓' };

function Head<Row, Key extends string>({ column, sorting, onSort }: HeadProps<Row, Key>) {
  const { shell } = usePage().words;
  const isSorted = sorting?.key === column.key;
  const direction = sorting?.isDescending === true ? 'descending' : 'ascending';
  return (
    <th scope="col" class={cellClass(column)} aria-sort={isSorted ? direction : undefined}>
      {column.canSort === true && onSort !== undefined ? (
        <button
          type="button"
          class="sort"
          title={shell.sortBy(column.title)}
          onClick={() => onSort(column.key)}
        >
          {column.title}
          <span aria-hidden="true">{isSorted ? ARROWS[direction] : ''}</span>
        </button>
      ) : (
        column.title
      )}
    </th>
  );
}

interface LineProps<Row> {
  readonly row: Row;
  readonly columns: readonly Column<Row>[];
}

/** A component that may skip being drawn. A memoized <tr> would do as well, but Preact keeps all that was ever around it. */
class Line<Row> extends Component<LineProps<Row>> {
  override shouldComponentUpdate({ row, columns }: LineProps<Row>): boolean {
    return row !== this.props.row || columns !== this.props.columns;
  }

  override render() {
    const { row, columns } = this.props;
    return (
      <tr>
        {columns.map((column) => {
          const content = column.cell(row);
          return column.isHeader === true ? (
            <th key={column.key} scope="row" class={cellClass(column)}>
              {content}
            </th>
          ) : (
            <td key={column.key} class={cellClass(column)}>
              {content}
            </td>
          );
        })}
      </tr>
    );
  }
}

function cellClass<Row>({ isNumeric, from }: Column<Row>): string {
  return [isNumeric === true ? 'number' : '', from === undefined ? '' : `from-${from}`]
    .filter((name) => name !== '')
    .join(' ');
}
