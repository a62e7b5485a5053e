/** A column: its title, and the field of a row that it shows. */
export type Columns = Readonly<Record<string, string>>;

/** Rows → lines of columns as wide as their widest cell; the last is not filled up. Pure. */
export function toTable(columns: Columns, rows: readonly object[]): string {
  const titles = Object.keys(columns);
  const fields = Object.values(columns);
  const lines = [
    titles,
    ...rows.map((row) => fields.map((field) => toCell((row as Readonly<Record<string, unknown>>)[field]))),
  ];
  const widths = titles.map((_title, at) => Math.max(...lines.map((line) => widthOf(line[at] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const instant = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z$/;

/** One value in a line of its own: times to the second, lists and maps in words, nothing as a hyphen. */
export function toCell(value: unknown): string {
  if (value === undefined || value === null || value === '') return '-';
  if (Array.isArray(value)) return value.length === 0 ? '-' : value.map(toCell).join(' ');
  if (typeof value === 'object') {
    const pairs = Object.entries(value).map(([name, inner]) => `${name}=${toCell(inner)}`);
    return pairs.length === 0 ? '-' : pairs.join(' ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  // Names come from callers: what is no letter must not move the cursor of whoever reads this.
  return String(value)
    .replace(instant, '$1 $2Z')
    .replace(/\p{Cc}/gu, '\ufffd');
}

function widthOf(text: string): number {
  return [...text].length;
}
