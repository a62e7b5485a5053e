import { appOf, methodRules, methodsOf, type Contract } from '@universal-api/protos';

/** Narrows a caller's scopes to those that an app's methods can ask for. */
export type NarrowScopes = (app: string, scopes: readonly string[]) => readonly string[];

/** Who gives scopes to others gives only what the caller holds. */
const givingApp = 'auth';

/**
 * A principal holds no more than its service can have a use for: a leaked one opens less, and every call carries fewer
 * bytes. A method whose scope is a pattern (`tools:<capability>`) lets all of that family pass. The service that gives scopes to
 * new keys has to see them all.
 */
export function narrowScopes(contract: Contract): NarrowScopes {
  const needed = new Map<string, Set<string>>();
  for (const method of methodsOf(contract)) {
    const app = appOf(method);
    const scopes = needed.get(app) ?? new Set();
    needed.set(app, scopes.add(methodRules(method).scope));
  }
  // Callers' lists are few (one per key that is remembered), and worked out once each.
  const known = new Map<string, WeakMap<readonly string[], readonly string[]>>();
  return (app, scopes) => {
    if (app === givingApp) return scopes;
    const ofApp = known.get(app) ?? new WeakMap<readonly string[], readonly string[]>();
    known.set(app, ofApp);
    let narrow = ofApp.get(scopes);
    if (!narrow) {
      const wanted = needed.get(app) ?? new Set();
      narrow = scopes.filter((scope) => wanted.has(scope) || isFamilyOf(scope, wanted));
      ofApp.set(scopes, narrow);
    }
    return narrow;
  };
}

function isFamilyOf(scope: string, wanted: ReadonlySet<string>): boolean {
  const [family] = scope.split(':');
  return family === 'tools' && [...wanted].some((name) => name.startsWith('tools:'));
}
