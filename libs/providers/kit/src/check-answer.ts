/**
 * What in an answer breaks the rules that all operations keep: unknown is absent (no null, no empty text, no "N/A"),
 * numbers are finite, dates valid, text is NFC, trimmed and without HTML. Each complaint names the path.
 */
export function checkAnswer(value: unknown, path = 'answer'): readonly string[] {
  if (value === undefined || typeof value === 'boolean' || typeof value === 'bigint') return [];
  if (value === null) return [`${path} is null`];
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} is not finite`];
  if (typeof value === 'string') return checkText(value, path);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? [`${path} is no date`] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => checkAnswer(item, `${path}[${index}]`));
  if (typeof value !== 'object') return [`${path} is a ${typeof value}`];
  return Object.entries(value).flatMap(([name, item]) => checkAnswer(item, `${path}.${name}`));
}

function checkText(text: string, path: string): readonly string[] {
  const complaints: string[] = [];
  if (text === '' || /^(n\/a|null|undefined|nan)$/i.test(text)) complaints.push(`${path} stands for unknown`);
  if (text !== text.trim()) complaints.push(`${path} is not trimmed`);
  if (text !== text.normalize('NFC')) complaints.push(`${path} is not NFC`);
  if (/<\/?[a-z][^>]*>|&(?:[a-z]+|#\d+);/i.test(text)) complaints.push(`${path} holds HTML`);
  return complaints;
}
