import { errorCodes, factsOf, problemTypeOf, type ErrorCode } from '@universal-api/errors';

const words: Readonly<Record<string, string>> = {
  fix: 'fix the request',
  retry: 'try again',
  wait: 'wait, then try again',
  enable: 'the operator can enable it',
  use_other: 'use another operation',
};

/** The content of `docs/errors.md`: every code of the registry, by status, with what helps. */
export function toErrorsMarkdown(): string {
  const codes = (Object.keys(errorCodes) as ErrorCode[])
    .map((code, order) => ({ code, order }))
    .sort((a, b) => factsOf(a.code).status - factsOf(b.code).status || a.order - b.order)
    .map(({ code }) => code);
  return [
    '# Errors',
    '',
    'Every refusal and failure is a problem document (RFC 9457, `application/problem+json`). Decide by its `code`;',
    '`retryable` says whether the same call may succeed later, `next` what to do now. `type` names the page of the code:',
    '`/docs/errors/<code>` of your installation, or a type registered with IANA.',
    '',
    '| Status | Code | Title | What it means | Next | Retryable |',
    '|---|---|---|---|---|---|',
    ...codes.map(row),
    '',
    'Generated from the registry in `libs/errors` by `npm run generate`.',
    '',
  ].join('\n');
}

function row(code: ErrorCode): string {
  const { status, title, help, next, retryable } = factsOf(code);
  const type = problemTypeOf(code);
  const name = type.endsWith(`/${code}`) ? `\`${code}\`` : `[\`${code}\`](${type})`;
  const cells = [status, name, title, help, words[next] ?? next, retryable ? 'yes' : 'no'];
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
