import type { ReactNode } from 'react';
import { go } from '../frame/router';

/** One column; the first of a table names its rows. */
export interface Column<T> {
  name: string;
  /** What the head means, where its name does not say. */
  title?: string;
  /** Figures stand right-aligned, digit under digit. */
  num?: boolean;
  /** On a phone: takes the whole line. */
  wide?: boolean;
  cell: (row: T) => ReactNode;
  /** The exact figure behind a rounded one. */
  exact?: (row: T) => string | undefined;
}

interface DataTableProps<T> {
  label: string;
  columns: Column<T>[];
  rows: T[];
  keyOf: (row: T) => string;
  /** Where a click on the row leads; the first cell should hold the link itself, for keyboards. */
  to?: (row: T) => string;
  /** The server's own sums, cell by cell. */
  total?: ReactNode[];
  /** Scrolls within itself. */
  tall?: boolean;
  className?: string;
}

/** A table; on a phone each row becomes a small list of its own. */
export function DataTable<T>({ label, columns, rows, keyOf, to, total, tall = false, className = '' }: DataTableProps<T>) {
  const cell = (column: Column<T>) => [column.num ? 'num' : '', column.wide ? 'wide' : ''].join(' ').trim() || undefined;
  return (
    <div className={`scroll ${tall ? 'tall' : ''}`} tabIndex={0} role="group" aria-label={label}>
      <table className={`stack ${className}`}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" key={column.name} className={column.num ? 'num' : undefined} title={column.title}>
                {column.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              className={to ? 'clickable' : undefined}
              onClick={to && ((event) => !(event.target as Element).closest('a, button') && go(to(row)))}
            >
              {columns.map((column, i) =>
                i === 0 ? (
                  <th scope="row" key={column.name} className={cell(column)} data-label={column.name} title={column.exact?.(row)}>
                    <span className="cell">{column.cell(row)}</span>
                  </th>
                ) : (
                  <td key={column.name} className={cell(column)} data-label={column.name} title={column.exact?.(row)}>
                    <span className="cell">{column.cell(row)}</span>
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
        {total && (
          <tfoot>
            <tr>
              {total.map((value, i) =>
                i === 0 ? (
                  <th scope="row" key={columns[i]?.name} data-label="">
                    {value}
                  </th>
                ) : (
                  <td key={columns[i]?.name} className={columns[i]?.num ? 'num' : undefined} data-label={columns[i]?.name}>
                    {value}
                  </td>
                ),
              )}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
}
