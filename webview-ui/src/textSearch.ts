/** Whether each word of a search stands in one of the texts, in any case. */
export function matching(search: string, ...texts: readonly (string | null)[]): boolean {
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return true;
  const lower = texts.map((text) => (text ?? '').toLowerCase());
  return words.every((word) => lower.some((text) => text.includes(word)));
}
