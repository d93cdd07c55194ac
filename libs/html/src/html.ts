/** Text that is HTML already. Only {@link html} makes it, so that nothing gets in unescaped. */
export class Html {
  constructor(readonly text: string) {}
}

export type Content = string | number | Html | readonly Content[] | null;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => ESCAPES[character] ?? '');

function shown(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.text;
  if (typeof content === 'string' || typeof content === 'number') return escape(String(content));
  return content.map(shown).join('');
}

/** HTML (and SVG) of a template: what is put in is escaped, in elements as in quoted attributes. */
export const html = (strings: TemplateStringsArray, ...contents: readonly Content[]): Html =>
  new Html(strings.map((string, index) => string + shown(contents[index] ?? null)).join(''));
