import { loadConfig, z, type Environment, Secret } from '@universal-api/config';

/** Printable ASCII without spaces: what can stand in a header (RFC 9110 section 5.5) and in a query. */
const printable = /^[\x21-\x7e]+$/;

/**
 * The credential in a variable, or in the file that `<variable>_FILE` names; undefined if neither is set. White space
 * around it is cut. Errors: `ConfigError`, naming the variable and never its value: both are set, the file cannot be
 * read, or the value cannot stand in a header.
 */
export function loadKey(variable: string, environment: Environment): Secret | undefined {
  const key = z
    .string()
    .trim()
    .refine((value) => value === '' || printable.test(value), 'visible ASCII without spaces')
    .transform((value) => (value === '' ? undefined : new Secret(value)))
    .optional();
  return loadConfig(z.object({ [variable]: key }), environment)[variable];
}
