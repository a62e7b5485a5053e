export { fromPublicId, idPrefixes, toPublicId, type IdKind } from './public-id.ts';
export { defaultTenantId, systemTenantId } from './reserved-tenants.ts';
export { createUuidV7, newId, type IdSource } from './uuid-v7.ts';
