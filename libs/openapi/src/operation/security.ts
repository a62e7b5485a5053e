import { Access, methodRules, type DescMethod } from '@universal-api/protos';
import type { Schema } from '../schema/well-known-schemas.ts';

/** How a caller can say who they are: the components of the document. */
export const securitySchemes: Schema = {
  bearer: { type: 'http', scheme: 'bearer', description: 'An API key or an access token.' },
  api_key: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'An API key. Send one of the two, not both.',
  },
};

/** Who may call a method: nothing is read for public ones, and `{}` stands for the anonymous principal. */
export function securityOf(method: DescMethod): Schema[] {
  const { access, scope } = methodRules(method);
  if (access === Access.PUBLIC) return [];
  const known = [{ bearer: [scope] }, { api_key: [scope] }];
  return access === Access.ANONYMOUS ? [...known, {}] : known;
}
