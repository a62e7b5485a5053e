'use strict';
const key = document.getElementById('key');
const state = document.getElementById('state');
const mails = document.getElementById('mails');
const templates = {
  verify_email: 'Prove an e-mail address',
  reset_password: 'Set a new password',
  invitation: 'Invitation to a tenant',
};

/** An element with text in it: what a mail says can never become markup. */
function el(name, text, attributes = {}) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) node.setAttribute(attribute, value);
  node.textContent = text;
  return node;
}

const time = (text) => (text ? new Date(text).toLocaleString('en') : 'unknown');

function row(mail) {
  const item = el('li', '');
  const isWeb = /^https?:\/\//.test(mail.link);
  item.append(
    el('strong', templates[mail.template] ?? mail.template),
    el('p', `To ${mail.recipient}, asked for ${time(mail.created_at)}, ends ${time(mail.expires_at)}`),
    isWeb ? el('a', mail.link, { href: mail.link, rel: 'noreferrer' }) : el('code', mail.link),
  );
  return item;
}

async function page(token) {
  const query = new URLSearchParams({ page_size: '100', ...(token && { page_token: token }) });
  const response = await fetch(`/api/v1/mail-outbox?${query}`, {
    headers: { Authorization: `Bearer ${key.value.trim()}` },
    signal: AbortSignal.timeout(10000),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`${body.title ?? 'No answer'}. ${body.detail ?? ''}`);
  return body;
}

async function show() {
  state.textContent = 'Asking…';
  mails.replaceChildren();
  try {
    const rows = [];
    let token = '';
    do {
      const body = await page(token);
      rows.push(...body.mails.map(row));
      token = body.next_page_token;
    } while (token && rows.length < 1000);
    mails.replaceChildren(...rows);
    state.textContent = rows.length ? `${rows.length} waiting` : 'Nothing waits.';
  } catch (error) {
    state.textContent = error.message.replaceAll('`', '') || 'The answer did not come.';
  }
}

document.getElementById('show').addEventListener('click', show);
key.addEventListener('keydown', (event) => event.key === 'Enter' && show());
