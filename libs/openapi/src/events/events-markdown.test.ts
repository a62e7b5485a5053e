import { expect, test } from '@jest/globals';
import { productEvents } from '@universal-api/events';
import { productContract } from '@universal-api/protos';
import { toEventsMarkdown } from './events-markdown.ts';

const page = toEventsMarkdown(productEvents, productContract().registry);

test.each(productEvents.entries.map((event) => [event.name, event] as const))(
  '%s has a row, a section and an example on the page',
  (name, { topic, messageSchema }) => {
    expect(page).toContain(`| [\`${name}\`](#${name.replaceAll('.', '')}) | 1 | \`${topic}\` |`);
    const section = page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    for (const field of messageSchema.fields) expect(section).toMatch(new RegExp(`\\| \`${field.name}\` \\| \\S`));
    expect(() => JSON.parse(/```json\n([\s\S]+?)```/.exec(section)?.[1] ?? '')).not.toThrow();
  },
);
