/** Secrets of an installation whose apps run as processes of their own; all but the password are key rings `v1:<base64>`. */
export const secretNames = [
  'AUTH_KEY_PEPPER',
  'DATA_ENCRYPTION_KEY',
  'INTERNAL_AUTH_KEY',
  'DATABASE_PASSWORD',
] as const;

/** One of those names: of its file, and of the variable `<NAME>_FILE` that says where the file is. */
export type SecretName = (typeof secretNames)[number];
