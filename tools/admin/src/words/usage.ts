import { localForms, serviceForms, storeForms, type CommandForm } from './command-forms.ts';
import { usualFolder } from './usual-folder.ts';

/** A command as it is written, with every option. */
export function synopsisOf(name: string, { takes, options }: CommandForm): string {
  const words = takes.map((word) => `<${word}>`);
  const named = Object.entries(options).map(([option, { value, isNeeded }]) => {
    const text = value === undefined ? `--${option}` : `--${option} ${value}`;
    return isNeeded ? text : `[${text}]`;
  });
  return [name, ...words, ...named].join(' ');
}

function list(forms: Readonly<Record<string, CommandForm>>): string {
  return Object.entries(forms)
    .map(([name, form]) => `  ${synopsisOf(name, form)}\n      ${form.about}\n`)
    .join('');
}

/** What `--help` prints. */
export const usage = `npm run admin -- <command> [--json]

Commands of a new installation, in this order; each may be run again and changes nothing that is right already:

${list(storeForms)}
Commands for a running installation. They speak to the auth service at UAPI_AUTH_ADDR (127.0.0.1:50055) as cli:<your user>,
under INTERNAL_AUTH_KEY: that of the environment, else of .data/secrets.json, else of ${usualFolder}.
<tenant> is its id, its short name, default or sys; without --tenant it is default:

${list(serviceForms)}
Commands that ask nobody:

${list(localForms)}
  --json          one JSON object on standard output instead of sentences
  --help, -h      this text

Each variable may be a file instead: <NAME>_FILE. Exit codes: 0 done, 1 refused, 2 not understood, 3 a server is out of reach.
`;
