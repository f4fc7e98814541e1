type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Variables that say which repository is meant, and how its objects, index and paths are read. They
 * come from hooks, aliases and `git rebase --exec`, and would send our commands into another
 * repository or index. First Git's own list (`git rev-parse --local-env-vars`, which Git itself
 * takes away before it enters a submodule), then those that change what a command means.
 */
const scrubbed = new Set([
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_CONFIG',
  'GIT_CONFIG_PARAMETERS',
  'GIT_CONFIG_COUNT',
  'GIT_OBJECT_DIRECTORY',
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_IMPLICIT_WORK_TREE',
  'GIT_GRAFT_FILE',
  'GIT_INDEX_FILE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_REPLACE_REF_BASE',
  'GIT_PREFIX',
  'GIT_INTERNAL_SUPER_PREFIX',
  'GIT_INTERNAL_TOPLEVEL_PREFIX',
  'GIT_SHALLOW_FILE',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_QUARANTINE_PATH',
  'GIT_ATTR_SOURCE',
  'GIT_INDEX_VERSION',
  'GIT_LITERAL_PATHSPECS',
  'GIT_GLOB_PATHSPECS',
  'GIT_NOGLOB_PATHSPECS',
  'GIT_ICASE_PATHSPECS',
  'GIT_REFLOG_ACTION',
  'GIT_DIFF_OPTS',
  'GIT_EXTERNAL_DIFF',
]);

/** Never ask on a terminal that nobody watches, never speak another language than we parse. */
const always = {
  LC_ALL: 'C',
  LANGUAGE: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
};

/**
 * What every Git process of ours is given: the caller's environment without what would change the
 * repository, in the C locale, without prompts and optional locks. Where Git finds its
 * configuration (`GIT_CONFIG_GLOBAL`, `GIT_CONFIG_SYSTEM`, `GIT_CONFIG_NOSYSTEM`, `HOME`) and where
 * it stops looking for repositories (`GIT_CEILING_DIRECTORIES`) stays the user's.
 */
export function gitEnvironment(caller: Environment): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(caller)) {
    if (value !== undefined && !scrubbed.has(name.toUpperCase())) environment[name] = value;
  }
  return { ...environment, ...always };
}

/**
 * Keeps a partial clone from fetching what it lacks: `GIT_NO_LAZY_FETCH` where Git knows it (2.44),
 * and for older ones no transport at all.
 */
export const withoutNetwork = { GIT_NO_LAZY_FETCH: '1', GIT_ALLOW_PROTOCOL: 'none' } as const;
