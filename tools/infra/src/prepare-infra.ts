import { fetchKafka } from './kafka/fetch-kafka.ts';
import { findJava } from './kafka/find-java.ts';
import { sentenceOf } from './process/sentence-of.ts';
import { findRedis } from './redis/find-redis.ts';

/** Fetches what the local servers need, so that no later start has to. Gives back why not, a sentence a part. */
export async function prepareInfra(): Promise<string | undefined> {
  const results = await Promise.allSettled([findRedis(), findJava().then(() => fetchKafka())]);
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [sentenceOf(result.reason)] : []));
  return reasons.length > 0 ? reasons.join('\n') : undefined;
}
