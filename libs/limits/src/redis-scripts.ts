import { defineScript } from '@universal-api/redis';

/**
 * What both scripts begin with. A bucket is stored as `TAT written`, the second being the time of the write: if that is yet to
 * come, the server's clock was set back, and the debt is what it was at the write. One of kind `log` is stored as the times of
 * its units, earliest first.
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
local function keep(key, text, left)
  local life = fixed > 0 and 3600000 or math.max(math.ceil(left / 1000), 1)
  redis.call('SET', key, text, 'PX', string.format('%.0f', life))
end
local function write(key, debt)
  keep(key, string.format('%.0f %.0f', now + debt, now), debt)
end
local function numbers(text)
  local list = {}
  for word in string.gmatch(text or '', '%S+') do list[#list + 1] = tonumber(word) end
  return list
end
local function units(text, window)
  local times, changed = {}, false
  for _, time in ipairs(numbers(text)) do
    if time > now - window then times[#times + 1] = math.min(time, now) end
    if time > now or time <= now - window then changed = true end
  end
  return times, changed
end
local function writeUnits(key, times, window)
  if #times == 0 then redis.call('DEL', key) return end
  table.sort(times)
  local texts = {}
  for i, time in ipairs(times) do texts[i] = string.format('%.0f', time) end
  keep(key, table.concat(texts, ' '), times[#times] + window - now)
end
local function ages(times)
  local list = {}
  for i, time in ipairs(times) do list[i] = now - time end
  return list
end
`;

/**
 * One decision over all its buckets, in whole µs (platform.md 2.2); what it means for each policy is worked out by the caller,
 * with the function that the memory adapter uses.
 *
 * KEYS: the buckets. ARGV: `latest`, `now`, then for each bucket `T, L, c, base, owed`; for one of kind `log` `-window, q, c` and
 * two lists of ages, µs.
 * Reply: `now` and the debt `D` of each bucket before the charge, or the ages of its units; `now` alone if it is later than
 * `latest`.
 *
 * `latest` guards against a server that was frozen: it would carry out what was sent before, though nobody waits for it any
 * more; closing or resetting the connection does not prevent that. `base` is the least debt that the caller knows of and `owed`
 * what it admitted by itself while it could not ask: both are kept even if the decision is a refusal.
 * A handed-in `now` is for clocks that a caller moves: then entries stay for an hour, as the server knows nothing of that clock.
 */
export const decideScript = defineScript(`${opening}local stored = {}
local changed = {}
local after = {}
local admitted = true
local function weigh(i, slot, limit, cost, at)
  local base, owed = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  stored[i], changed[i] = read(texts[i])
  local debt = math.min(math.max(stored[i], base) + owed, limit)
  reply[i + 1] = debt
  after[i] = debt + cost * slot
  if after[i] > limit then admitted = false end
end
local function count(i, window, q, cost, at)
  local times
  times, changed[i] = units(texts[i], window)
  local base, owed = numbers(ARGV[at + 3]), numbers(ARGV[at + 4])
  if #base > #times then
    times, changed[i] = {}, true
    for j, age in ipairs(base) do times[j] = now - age end
  end
  for _, age in ipairs(owed) do times[#times + 1] = now - age end
  if #owed > 0 then changed[i] = true end
  table.sort(times)
  while #times > q do table.remove(times, 1) changed[i] = true end
  stored[i] = times
  reply[i + 1] = ages(times)
  if #times + cost > q then admitted = false end
end
for i = 1, #KEYS do
  local at = i * 5 - 2
  local slot, limit, cost = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  if slot < 0 then count(i, -slot, limit, cost, at) else weigh(i, slot, limit, cost, at) end
end
for i = 1, #KEYS do
  local at = i * 5 - 2
  local slot, cost = tonumber(ARGV[at]), tonumber(ARGV[at + 2])
  if slot < 0 then
    if admitted then for _ = 1, cost do stored[i][#stored[i] + 1] = now end end
    if changed[i] or (admitted and cost > 0) then writeUnits(KEYS[i], stored[i], -slot) end
  else
    local debt = admitted and after[i] or math.max(reply[i + 1], stored[i])
    if debt ~= stored[i] or changed[i] then write(KEYS[i], debt) end
  end
end
return reply
`);

/**
 * Gives charges back, less what came back by itself since then. KEYS: the buckets. ARGV: `latest`, `now`, `from` (when the charge
 * was made), then for each bucket what it took, µs, and 0, or units and the window, µs. Reply: as above.
 */
export const refundScript = defineScript(`${opening}local from = tonumber(ARGV[3])
for i = 1, #KEYS do
  local taken, window = tonumber(ARGV[i * 2 + 2]), tonumber(ARGV[i * 2 + 3])
  if window > 0 then
    local left = {}
    for _, time in ipairs((units(texts[i], window))) do
      if time == from and taken > 0 then taken = taken - 1 else left[#left + 1] = time end
    end
    reply[i + 1] = ages(left)
    writeUnits(KEYS[i], left, window)
  else
    local debt, isSetBack = read(texts[i])
    local back = math.max(taken - math.max(now - from, 0), 0)
    local left = math.max(debt - back, 0)
    reply[i + 1] = left
    if left == 0 then
      redis.call('DEL', KEYS[i])
    elseif left < debt or isSetBack then
      write(KEYS[i], left)
    end
  end
end
return reply
`);

/** Whether the server takes writes, as decisions must: a full one answers PING. KEYS: one key. */
export const probeScript = defineScript(`return redis.call('SET', KEYS[1], '1', 'PX', '10000')`);
