import { usualFolder } from './parse-words.ts';

/** What `--help` prints. */
export const usage = `npm run admin -- <command> [--json]

Commands of a new installation, in this order; each may be run again and changes nothing that is right already:

  secrets init    makes the secrets that are missing, one file each, in --folder (${usualFolder});
                  an app reads one by the variable <NAME>_FILE. With --database-url postgresql://<login>@<host>/<database>
                  also a file DATABASE_URL with the password in it, for DATABASE_URL_FILE
  migrate         brings the database of DATABASE_URL up to this version
  topics apply    makes the topics on the Kafka of KAFKA_BROKERS (KAFKA_TLS, KAFKA_SASL_MECHANISM, KAFKA_USERNAME,
                  KAFKA_PASSWORD, KAFKA_REPLICATION, UAPI_PREFIX)
  bootstrap       makes the first API key in the database of DATABASE_URL, with AUTH_KEY_PEPPER, and shows it once

  --json          one JSON object on standard output instead of sentences
  --help, -h      this text

Each variable may be a file instead: <NAME>_FILE. Exit codes: 0 done, 1 refused, 2 not understood, 3 a server is out of reach.
`;
