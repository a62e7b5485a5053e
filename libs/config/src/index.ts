export { describeConfig, toEnvExample, type VariableFacts } from './describe-config.ts';
export { ConfigError, loadConfig, type Environment } from './load-config.ts';
export { Secret } from './secret.ts';
export { unknownVariables } from './unknown-variables.ts';
export {
  integer,
  list,
  oneOf,
  optionalInteger,
  optionalOneOf,
  optionalSecret,
  optionalText,
  optionalUrl,
  port,
  secret,
  text,
} from './variables.ts';
export { z } from 'zod';
