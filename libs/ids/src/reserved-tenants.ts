/** Tenant of facts about the platform itself. */
export const systemTenantId = '00000000-0000-0000-0000-000000000000';

/** Tenant of the bootstrap key and of anonymous calls. */
export const defaultTenantId = '00000000-0000-0000-0000-000000000001';
