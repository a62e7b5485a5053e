/** Rows of one page; the token is empty on the last. */
interface Answered<Row> {
  readonly rows: readonly Row[];
  readonly nextPageToken: string;
}

const pageSize = 100;

/** Reads a list to its end, or until there are `most` rows. */
export async function readPages<Row>(
  ask: (page: { pageSize: number; pageToken?: string }) => Promise<Answered<Row>>,
  most = Number.POSITIVE_INFINITY,
): Promise<Row[]> {
  const rows: Row[] = [];
  let token = '';
  do {
    const size = Math.min(pageSize, most - rows.length);
    const page = await ask(token === '' ? { pageSize: size } : { pageSize: size, pageToken: token });
    rows.push(...page.rows);
    token = page.nextPageToken;
  } while (token !== '' && rows.length < most);
  return rows;
}
