import { ConfigError, loadConfig, Secret, unknownVariables, z, type Environment } from '@universal-api/config';
import { parseRateOverrides } from '@universal-api/limits';
import type { End } from '../exit-code.ts';
import { toTable } from '../output/to-table.ts';
import type { Running } from '../running.ts';
import { productVariables, rateVariables } from './product-variables.ts';
import { findSource, readKeptSecrets, readEnvFile, type KeptSecrets } from './config-sources.ts';

/** One variable as it holds. */
interface EffectiveVariable {
  readonly name: string;
  /** As it is read, with secrets as `***`; absent: unset. */
  readonly value?: string;
  readonly source: string;
  /** What is wrong with it; absent: nothing. */
  readonly fault?: string;
}

const columns = { VARIABLE: 'name', VALUE: 'value', FROM: 'source' };

/**
 * Shows each variable that `npm start` reads, with its value and where that comes from; ends as `usage` where one is not usable.
 * Nobody is asked: what a running process was started with is its own.
 */
export async function showConfig({ environment, say }: Running): Promise<End> {
  const dotEnv = readEnvFile('.env');
  const kept = readKeptSecrets(environment['DATA_DIR'] || '.data');
  const variables = effectiveVariables(environment, { dotEnv, kept });
  const unread = unknownVariables(environment, [...Object.keys(productVariables.shape), ...rateVariables()]);
  const faults = variables.flatMap(({ name, fault }) => (fault === undefined ? [] : [`${name}: ${fault}`]));
  const notes = [...faults, ...unread.map((name) => `${name} is set, but nothing reads a variable of that name`)];
  const text = [toTable(columns, variables), ...(notes.length > 0 ? ['', ...notes.map((note) => `${note}.`)] : [])];
  await say({ text: text.join('\n'), fields: { variables, unread } });
  return faults.length > 0 ? 'usage' : 'done';
}

/** The variables of the product under an environment, those that are set and those that have a default; pure but for `<NAME>_FILE`. */
export function effectiveVariables(
  environment: Environment,
  files: { readonly dotEnv: Environment; readonly kept: KeptSecrets },
): EffectiveVariable[] {
  const product = Object.entries(productVariables.shape).map(([name, schema]) =>
    readOne(name, schema as z.ZodType, environment, files),
  );
  return [...product, ...setRates(environment, files.dotEnv)];
}

function readOne(
  name: string,
  schema: z.ZodType,
  environment: Environment,
  { dotEnv, kept }: { readonly dotEnv: Environment; readonly kept: KeptSecrets },
): EffectiveVariable {
  const source = findSource(name, environment, dotEnv);
  const keptIn = kept[name];
  if (source === undefined && keptIn !== undefined) return { name, value: String(new Secret('')), source: keptIn };
  try {
    const read = loadOne(name, schema, environment);
    const shown = read === undefined ? {} : { value: toShown(read) };
    return { name, ...shown, source: source ?? (read === undefined ? 'unset' : 'default') };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const fault = error.problems.map((problem) => problem.replace(/^[^:]*: /, '')).join('; ');
    return { name, source: source ?? 'unset', fault };
  }
}

function loadOne(name: string, schema: z.ZodType, environment: Environment): unknown {
  return loadConfig(z.object({ [name]: schema }), environment)[name];
}

/** A value in words; whatever may hold a password shows `***` in its place. */
function toShown(value: unknown): string {
  const text = Array.isArray(value) ? value.join(',') : String(value);
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = String(new Secret(''));
  return url.href;
}

/** `RL_*` are many and mostly unset: only those that are set. */
function setRates(environment: Environment, dotEnv: Environment): EffectiveVariable[] {
  return rateVariables().flatMap((name): EffectiveVariable[] => {
    const source = findSource(name, environment, dotEnv);
    const value = environment[name];
    if (source === undefined || !value) return [];
    const [problem] = parseRateOverrides({ [name]: value }).problems;
    return problem === undefined ? [{ name, value, source }] : [{ name, source, fault: problem.rule }];
  });
}
