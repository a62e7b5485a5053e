import type { MailOutboxTable } from '../../store/auth-tables.ts';

const pages = {
  verify_email: 'verify-email',
  reset_password: 'reset-password',
  invitation: 'register',
} as const satisfies Record<MailOutboxTable['template'], string>;

/**
 * The link of a mail: a page of the dashboard with the token behind `#`, which browsers send to no server, so that it is in no
 * log. `baseUrl` is `PUBLIC_BASE_URL`.
 */
export function toMailLink(baseUrl: string, template: MailOutboxTable['template'], token: string): string {
  const url = new URL(`/dashboard/${pages[template]}`, baseUrl);
  url.hash = `token=${token}`;
  return url.href;
}
