'use strict';
const answer = document.getElementById('answer');
const cards = [...document.querySelectorAll('.call')];
const isOpen = document.querySelector('main').dataset.open === 'true';
const svgSpace = 'http://www.w3.org/2000/svg';
let running = new AbortController();

/** An element with attributes and children; texts become text nodes, so an answer can never become markup. */
function el(name, attributes, ...children) {
  const isSvg = ['svg', 'path', 'circle'].includes(name);
  const node = isSvg ? document.createElementNS(svgSpace, name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) node.setAttribute(key, value);
  node.append(...children.filter((child) => child !== undefined && child !== ''));
  return node;
}

const number = (value, digits = 0) => value.toLocaleString('en', { maximumFractionDigits: digits });
const names = (items) => items.map((item) => item.name).join(', ');

function facts(pairs) {
  const known = Object.entries(pairs).filter(([, value]) => value !== undefined && value !== '');
  return el(
    'dl',
    { class: 'facts' },
    ...known.map(([k, v]) => el('div', {}, el('dt', {}, k), el('dd', {}, String(v)))),
  );
}

/** The world as a grid of 30 degrees, with one point on it. */
function globe(lat, lon) {
  const [x, y] = [lon + 180, 90 - lat];
  const steps = (size) => Array.from({ length: size / 30 + 1 }, (_, index) => index * 30);
  const grid =
    steps(360)
      .map((at) => `M${at} 0V180`)
      .join('') +
    steps(180)
      .map((at) => `M0 ${at}H360`)
      .join('');
  const line = { fill: 'none', stroke: 'currentColor', 'vector-effect': 'non-scaling-stroke' };
  return el(
    'svg',
    { class: 'globe', viewBox: '-2 -2 364 184', role: 'img', 'aria-label': `At ${lat}, ${lon}` },
    el('path', { ...line, d: grid }),
    el('path', { ...line, class: 'axis', d: `M${x} 0V180M0 ${y}H360`, 'stroke-dasharray': '2 4' }),
    el('circle', { class: 'halo', cx: x, cy: y, r: 11 }),
    el('circle', { cx: x, cy: y, r: 4 }),
  );
}

const drawings = {
  time: (time) => [
    el('h2', {}, time.timezone.split('/').pop().replaceAll('_', ' ')),
    el(
      'p',
      { class: 'quiet' },
      new Date(`${time.local_time.slice(0, 10)}T12:00Z`).toLocaleDateString('en', {
        dateStyle: 'full',
        timeZone: 'UTC',
      }),
    ),
    el('div', { class: 'huge' }, time.local_time.slice(11, 16)),
    facts({
      Zone: time.timezone,
      'From UTC': `${time.utc_offset_s < 0 ? '−' : '+'}${number(Math.abs(time.utc_offset_s) / 3600, 2)} h`,
      Week: time.iso_week,
      'Summer time': time.is_dst ? 'yes' : 'no',
    }),
  ],
  place: ({ results: [first, ...others] }) =>
    first
      ? [
          el('h2', {}, first.name),
          el('p', { class: 'quiet' }, first.label),
          globe(first.lat, first.lon),
          facts({
            Latitude: number(first.lat, 4),
            Longitude: number(first.lon, 4),
            Inhabitants: first.population && number(first.population),
            'Also found': others.length || undefined,
          }),
        ]
      : [el('h2', {}, 'Nothing found')],
  country: ({ country }) => [
    el('div', { class: 'flag', 'aria-hidden': 'true' }, country.flag_emoji),
    el('h2', {}, country.name),
    el('p', { class: 'quiet' }, country.official_name),
    country.lat === undefined || country.lon === undefined ? '' : globe(country.lat, country.lon),
    facts({
      Capital: country.capitals.join(', '),
      Inhabitants: country.population && number(country.population),
      Area: country.area_km2 && `${number(country.area_km2)} km²`,
      Region: country.subregion,
      Languages: names(country.languages),
      Currency: names(country.currencies),
      Calling: country.calling_codes[0],
      Neighbours: country.borders.join(', '),
    }),
  ],
  word: (entry) => [
    el('h2', {}, entry.word),
    el('p', { class: 'quiet' }, entry.phonetics.find((sound) => sound.text)?.text ?? entry.language),
    ...entry.meanings
      .slice(0, 3)
      .flatMap((meaning) => [
        el('em', {}, meaning.part_of_speech),
        el('ol', {}, ...meaning.definitions.slice(0, 3).map((one) => el('li', {}, one.text))),
      ]),
  ],
};

function source(meta, ms) {
  const who = meta?.provider ? [el('b', {}, meta.provider), ' answered'] : ['Answered'];
  const loss = (meta?.degraded ?? []).map((item) => item.code).join(', ');
  const rest = [
    ` in ${number(ms)} ms`,
    meta?.cached && 'kept from an earlier call',
    loss && `less than asked: ${loss}`,
    meta?.licence,
    meta?.attribution,
  ];
  return el('p', { class: 'source' }, ...who, rest.filter(Boolean).join(' · '));
}

const advice = {
  fix: 'Change the request.',
  retry: 'Send it again.',
  wait: 'Wait a little, then send it again.',
  enable: 'The operator can enable what is missing.',
  use_other: 'Another operation may serve.',
};

function problem(body) {
  const candidates = (body.candidates ?? []).map((item) =>
    el('li', {}, el('b', {}, item.provider), ` ${item.reason}`, item.variable ? ` (${item.variable})` : ''),
  );
  return [
    el('h2', {}, body.title ?? 'No answer'),
    el('p', { class: 'quiet' }, (body.detail ?? '').replaceAll('`', '')),
    candidates.length ? el('ol', {}, ...candidates) : '',
    el('p', {}, advice[body.next?.action] ?? '', body.next?.after_s ? ` After ${body.next.after_s} s.` : ''),
  ];
}

function show(content, isFresh) {
  answer.replaceChildren(...content.filter((node) => node !== ''));
  answer.classList.toggle('fresh', isFresh);
}

async function run(card) {
  running.abort();
  const mine = (running = new AbortController());
  for (const other of cards) {
    other.classList.toggle('chosen', other === card);
    other.querySelector('.pick').setAttribute('aria-pressed', String(other === card));
  }
  show([el('p', { class: 'wait' }, 'Asking…')], false);
  const start = performance.now();
  try {
    const limit = AbortSignal.any([mine.signal, AbortSignal.timeout(15000)]);
    const response = await fetch(card.querySelector('.raw').getAttribute('href'), { signal: limit });
    const body = await response.json();
    if (mine.signal.aborted) return;
    const ms = performance.now() - start;
    const raw = el(
      'details',
      {},
      el('summary', {}, 'As it was sent'),
      el('pre', { tabindex: '0' }, JSON.stringify(body, null, 2)),
    );
    const view = response.ok ? [...drawings[card.dataset.kind](body), source(body.meta, ms)] : problem(body);
    show([...view, raw], true);
  } catch {
    if (!mine.signal.aborted)
      show(problem({ detail: 'The answer did not come, or could not be read.', next: { action: 'retry' } }), true);
  }
}

const states = { healthy: 'Everything works', degraded: 'Works, with less than all', unhealthy: 'Something is down' };

async function askHealth() {
  const pill = document.getElementById('health');
  let health = {};
  try {
    health = await (await fetch('/api/health', { signal: AbortSignal.timeout(5000) })).json();
  } catch {
    // Said by the pill below: no health is known.
  }
  const state = states[health.status] ? health.status : 'unhealthy';
  const text = states[health.status] ?? 'No answer from this installation';
  pill.replaceChildren(el('span', { class: `dot ${state}` }), el('span', {}, text));
  const parts = Object.entries(health.parts ?? {}).map(([name, part]) =>
    el('li', {}, el('span', { class: `dot ${part.status}` }), name, el('small', {}, part.status)),
  );
  document.getElementById('parts').replaceChildren(...parts);
}

async function copy(button) {
  const code = button.previousElementSibling;
  try {
    await navigator.clipboard.writeText(code.textContent);
    button.textContent = 'Copied';
  } catch {
    // Not every page may write to the clipboard: the line is selected instead.
    getSelection().selectAllChildren(code);
    button.textContent = 'Selected';
  }
  setTimeout(() => (button.textContent = 'Copy'), 1500);
}

for (const card of cards) {
  card.querySelector('.pick').addEventListener('click', () => {
    answer.scrollIntoView({ block: 'nearest' });
    run(card);
  });
  card.querySelector('.copy').addEventListener('click', (event) => copy(event.currentTarget));
}
askHealth();
setInterval(() => document.hidden || askHealth(), 15000);
if (isOpen) run(cards[0]);
