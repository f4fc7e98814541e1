/** Keys as Git lists them, and their values. */
export type Settings = ReadonlyMap<string, string>;

/**
 * Reads `git config --list -z`: each entry is the key, a line break and the value; a key without
 * a value means true. Of several values the last one counts.
 */
export function parseSettings(output: string): Settings {
  const settings = new Map<string, string>();
  for (const entry of output.split('\0')) {
    if (entry === '') continue;
    const end = entry.indexOf('\n');
    if (end < 0) settings.set(entry, 'true');
    else settings.set(entry.slice(0, end), entry.slice(end + 1));
  }
  return settings;
}

/** As Git lists a key: section and variable in lower case, a subsection as it is. */
function canonicalKey(key: string): string {
  const first = key.indexOf('.');
  const last = key.lastIndexOf('.');
  if (first < 0) return key.toLowerCase();
  return `${key.slice(0, first).toLowerCase()}${key.slice(first, last)}${key.slice(last).toLowerCase()}`;
}

/** Git's notion of true (config.c, `git_parse_maybe_bool`): words, or a number other than 0. */
export function isTrue(value: string | null): boolean {
  if (value === null) return false;
  return /^(?:true|yes|on)$/i.test(value) || /^[+-]?0*[1-9]\d*[kmg]?$/i.test(value);
}

export function settingOf(settings: Settings, key: string): string | null {
  return settings.get(canonicalKey(key)) ?? null;
}

/** Whether objects may be missing here that a remote has (a partial clone). */
export function mayLackObjects(settings: Settings): boolean {
  if (settings.has('extensions.partialclone')) return true;
  return [...settings].some(([key, value]) => /^remote\..*\.promisor$/.test(key) && isTrue(value));
}
