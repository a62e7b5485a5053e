export { applyProductTopics } from './commands/apply-product-topics.ts';
export { bootstrapDatabase, type BootstrapSettings } from './commands/bootstrap-database.ts';
export { initSecrets, type InitialisedSecrets, type SecretsOptions } from './commands/init-secrets.ts';
export { secretNames, type SecretName } from './commands/secret-names.ts';
export { endOf, exitCodes, type End } from './exit-code.ts';
