import { randomBytes } from 'node:crypto';
import type { TestProduct } from '../start-test-product.ts';

/** What came back of one call. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, unknown>>;
  /** The body as it came. */
  readonly text: string;
}

/** How a call is made: a credential, a body, an address behind the trusted proxy. */
export interface Asking {
  readonly method?: string;
  /** Access token or key. */
  readonly as?: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly from?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A person with an account, logged in. */
export interface Person {
  readonly email: string;
  readonly password: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

/** Lets a test come from as many addresses as it likes: registration is counted by address. */
export const trustedProxy = { TRUSTED_PROXIES: '127.0.0.1/32' } as const;

let nextAddress = 0;
/** An address that nobody has used. */
export const freshAddress = (): string => `198.18.${(++nextAddress >> 8) & 255}.${nextAddress & 255}`;

/** Calls a path below `/api/v1`. */
export async function ask(product: TestProduct, path: string, asking: Asking = {}): Promise<Answer> {
  const { method, as, json, form, from } = asking;
  const headers: Record<string, string> = { ...asking.headers };
  if (as !== undefined) headers['authorization'] = `Bearer ${as}`;
  if (from !== undefined) headers['x-forwarded-for'] = from;
  if (json !== undefined) headers['content-type'] = 'application/json';
  const body = form ? new URLSearchParams(form) : json === undefined ? undefined : JSON.stringify(json);
  const verb = method ?? (body === undefined ? 'GET' : 'POST');
  const response = await product.get(path.startsWith('/.') ? path : `/api/v1${path}`, {
    method: verb,
    headers,
    ...(body !== undefined && { body }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: readJson(text), text };
}

function readJson(text: string): Answer['body'] {
  try {
    return JSON.parse(text) as Answer['body'];
  } catch {
    return {};
  }
}

/** Registers somebody new, from an address of their own, and logs them in. */
export async function enter(product: TestProduct): Promise<Person> {
  const name = `p${randomBytes(6).toString('hex')}`;
  const email = `${name}@example.com`;
  const password = randomBytes(18).toString('base64url');
  const from = freshAddress();
  const made = await ask(product, '/auth/register', { json: { email, password, username: name }, from });
  if (made.status !== 201) throw new Error(`register: ${made.status} ${made.text}`);
  const login = await ask(product, '/auth/login', { json: { email, password }, from });
  if (login.status !== 200) throw new Error(`login: ${login.status} ${login.text}`);
  return {
    email,
    password,
    userId: String(made.body['id']),
    tenantId: String(made.body['tenant_id']),
    accessToken: String(login.body['access_token']),
    refreshToken: String(login.body['refresh_token']),
    sessionId: String(login.body['session_id']),
  };
}

/** A key of a person. */
export interface IssuedKey {
  readonly id: string;
  readonly key: string;
}

/** Makes a key with the scopes given. */
export async function issueKey(product: TestProduct, as: string, scopes: readonly string[]): Promise<IssuedKey> {
  const { status, body, text } = await ask(product, '/auth/keys', { as, json: { name: 'A key', scopes } });
  if (status !== 201) throw new Error(`keys: ${status} ${text}`);
  return { id: String(body['id']), key: String(body['key']) };
}
