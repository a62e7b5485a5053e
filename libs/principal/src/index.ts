export { accessTokenAudience, accessTokenType, type AccessTokenClaims } from './access-token.ts';
export {
  createAccessTokenVerifier,
  type AccessTokenVerifier,
  type AccessTokenVerifierParts,
} from './access-token-verifier.ts';
export {
  apiKeyPattern,
  makeApiKey,
  readApiKey,
  type ApiKeyParts,
  type NewApiKey,
  type RandomBytes,
} from './api-key.ts';
export { isFromNetworks, isNetwork } from './client-networks.ts';
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
export { hasCredentialInUrl, readCredential, type Credential, type CredentialSource } from './read-credential.ts';
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
export { openCredential, sealCredential, type CredentialOf, type SealedCredential } from './sealed-credential.ts';
export { createPrincipalVerifier, type PrincipalVerifier } from './verify-principal.ts';
