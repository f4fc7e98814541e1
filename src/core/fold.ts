/** What `text ~ other` and the search box compare: ignoring case and how accents are composed. */
export function fold(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
