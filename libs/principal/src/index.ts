export {
  apiKeyPattern,
  makeApiKey,
  readApiKey,
  type ApiKeyParts,
  type NewApiKey,
  type RandomBytes,
} from './api-key.ts';
export { findKeyRingFault, keyOfVersion, parseKeyRing, type KeyRing, type KeyRingEntry } from './key-ring.ts';
export { createPrincipalMinter, type MintRequest, type PrincipalMinter } from './mint-principal.ts';
export {
  principalHeader,
  principalLifeSeconds,
  type EpochClock,
  type Principal,
  type PrincipalClaims,
  type PrincipalType,
  type Priority,
} from './principal.ts';
export { readCredential, type Credential, type CredentialSource } from './read-credential.ts';
export {
  anonymousScopes,
  hasScope,
  internalScope,
  intersectScopes,
  isScope,
  platformScopes,
  roleScopes,
  scopes,
  type Role,
} from './scopes.ts';
export {
  credentialPools,
  isCredentialPool,
  isKeyMode,
  isPlan,
  keyModes,
  plans,
  type CredentialPool,
  type KeyMode,
  type Plan,
} from './tenants.ts';
export { createPrincipalVerifier, type PrincipalVerifier } from './verify-principal.ts';
