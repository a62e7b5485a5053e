import { ConfigError, Secret } from '@universal-api/config';
import { AppError } from '@universal-api/errors';
import { parseKeyRing, type KeyRing } from '@universal-api/principal';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the key between our processes may be. */
export interface KeyPlaces {
  /** `INTERNAL_AUTH_KEY`; given, no other place is looked at. */
  readonly given: Secret | undefined;
  /** `DATA_DIR`. */
  readonly dataFolder: string;
}

const name = 'INTERNAL_AUTH_KEY';

/**
 * The keys that the installation may run with: the one given, else that of `npm start`, then that of `npm run start:distributed`.
 * Both are there where both ways to run were used; the service that answers knows one of them.
 * Errors: `ConfigError` if there is none; a sentence for a file that cannot be read or holds no usable key.
 */
export function findInternalKeys({ given, dataFolder }: KeyPlaces): readonly [KeyRing, ...KeyRing[]] {
  if (given !== undefined) return [parseKeyRing(name, given)];
  const whole = join(dataFolder, 'secrets.json');
  const single = join(dataFolder, 'distributed/secrets', name);
  const found = [ofJson(whole), readIfPresent(single)].flatMap((text) =>
    text === undefined ? [] : [parseKeyRing(name, new Secret(text.replace(/\r?\n$/, '')))],
  );
  const [first, ...others] = found;
  if (first !== undefined) return [first, ...others];
  throw new ConfigError([
    `${name}: is not set, and neither ${whole} nor ${single} is there; run this where the installation keeps its secrets, or set ${name}_FILE`,
  ]);
}

function ofJson(file: string): string | undefined {
  const text = readIfPresent(file);
  if (text === undefined) return undefined;
  try {
    const kept = JSON.parse(text) as Readonly<Record<string, unknown>>;
    return typeof kept[name] === 'string' ? kept[name] : undefined;
  } catch {
    // The parser's own words quote the text, and the text is secrets.
    throw new AppError('internal', { internal: `${file} cannot be read; restore it.` });
  }
}

function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new AppError('internal', {
      internal: `${file} cannot be read (${code}); run this as the user of the installation.`,
      cause,
    });
  }
}
