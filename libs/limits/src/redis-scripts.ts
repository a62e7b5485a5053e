import { defineScript } from '@universal-api/redis';

/**
 * What both scripts begin with. A bucket is stored as `TAT written`, the second being the time of the write: if that is yet to
 * come, the server's clock was set back, and the debt is what it was at the write.
 */
const opening = `
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local fixed = tonumber(ARGV[2])
if fixed > 0 then now = fixed end
local latest = tonumber(ARGV[1])
if latest > 0 and now > latest then return { now } end
local texts = redis.call('MGET', unpack(KEYS))
local reply = { now }
local function read(text)
  if not text then return 0, false end
  local space = string.find(text, ' ', 1, true)
  local tat, written = tonumber(string.sub(text, 1, space - 1)), tonumber(string.sub(text, space + 1))
  return math.max(tat - math.min(math.max(now, written), tat), 0), written > now
end
local function write(key, debt)
  local life = fixed > 0 and 3600000 or math.max(math.ceil(debt / 1000), 1)
  redis.call('SET', key, string.format('%.0f %.0f', now + debt, now), 'PX', string.format('%.0f', life))
end
`;

/**
 * One decision over all its buckets, in whole µs (platform.md 2.2); what it means for each policy is worked out by the caller,
 * with the function that the memory adapter uses.
 *
 * KEYS: the buckets. ARGV: `latest`, `now`, then for each bucket `T, L, c, base, owed`.
 * Reply: `now` and the debt `D` of each bucket before the charge; `now` alone if it is later than `latest`.
 *
 * `latest` guards against a server that was frozen: it would carry out what was sent before, though nobody waits for it any
 * more; closing or resetting the connection does not prevent that. `base` is the least debt that the caller knows of and `owed`
 * what it admitted by itself while it could not ask: both are kept even if the decision is a refusal.
 * A handed-in `now` is for clocks that a caller moves: then entries stay for an hour, as the server knows nothing of that clock.
 */
export const decideScript = defineScript(`${opening}local stored = {}
local isSetBack = {}
local after = {}
local admitted = true
for i = 1, #KEYS do
  local at = i * 5 - 2
  local slot, limit, cost = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local base, owed = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  stored[i], isSetBack[i] = read(texts[i])
  local debt = math.min(math.max(stored[i], base) + owed, limit)
  reply[i + 1] = debt
  after[i] = debt + cost * slot
  if after[i] > limit then admitted = false end
end
for i = 1, #KEYS do
  local debt = admitted and after[i] or math.max(reply[i + 1], stored[i])
  if debt ~= stored[i] or isSetBack[i] then write(KEYS[i], debt) end
end
return reply
`);

/**
 * Gives charges back, less what came back by itself since then. KEYS: the buckets. ARGV: `latest`, `now`, `from` (when the charge
 * was made), then for each bucket what it took, µs. Reply: `now` and the debt of each bucket.
 */
export const refundScript = defineScript(`${opening}for i = 1, #KEYS do
  local debt, isSetBack = read(texts[i])
  local back = math.max(tonumber(ARGV[i + 3]) - math.max(now - tonumber(ARGV[3]), 0), 0)
  local left = math.max(debt - back, 0)
  reply[i + 1] = left
  if left == 0 then
    redis.call('DEL', KEYS[i])
  elseif left < debt or isSetBack then
    write(KEYS[i], left)
  end
end
return reply
`);

/** Whether the server takes writes, as decisions must: a full one answers PING. KEYS: one key. */
export const probeScript = defineScript(`return redis.call('SET', KEYS[1], '1', 'PX', '10000')`);
