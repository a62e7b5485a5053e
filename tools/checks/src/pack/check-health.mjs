/** The health check of every image: ends with 0 when the operations port says ready, or when another URL answers 200. */
import { get } from 'node:http';

const url = process.argv[2] ?? `http://127.0.0.1:${process.env.OPS_PORT || '9100'}/health/ready`;
get(url, { timeout: 2_000 }, (answer) => {
  process.exit(answer.statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
