import type { DescMethod, DescService } from '@bufbuild/protobuf';
import { httpRules } from './http-rules.ts';
import { Access, Idempotency, hasMethodRules, methodRules } from './rules.ts';

/** What is wrong with a method's options, in words; empty when nothing is. */
export function complaintsAbout(method: DescMethod): string[] {
  const name = `${method.parent.typeName}.${method.name}`;
  if (!hasMethodRules(method))
    return [`${name} has no (uapi.options.v1.method) option, so nobody knows who may call it`];
  const rules = methodRules(method);
  const complaints: string[] = [];
  if (rules.access === Access.UNSPECIFIED) complaints.push(`${name} has no access`);
  if (rules.access !== Access.PUBLIC && !rules.scope)
    complaints.push(`${name} needs the scope that its access asks for`);
  if (rules.idempotency === Idempotency.UNSPECIFIED) complaints.push(`${name} has no idempotency`);
  if (rules.cacheClass && !rules.operation) complaints.push(`${name} has a cache class but no operation id`);
  if (rules.scope === 'internal' && httpRules(method).length > 0)
    complaints.push(`${name} is internal but has an HTTP rule`);
  return complaints;
}

/** Refuses a set of services in which a method does not say who may call it and whether a call may be repeated. */
export function checkMethods(services: readonly DescService[]): void {
  const complaints = services.flatMap((service) => service.methods.flatMap(complaintsAbout));
  if (complaints.length > 0)
    throw new Error(`the protos break a rule:\n${complaints.map((text) => `  ${text}`).join('\n')}`);
}
