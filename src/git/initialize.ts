import type { Platform } from '../platform';
import { gitEnvironment } from './environment';
import { openRepository } from './openRepository';
import type { Repository } from './repository';
import { textCommands } from './textCommands';

/**
 * Makes a repository in `directory` (`git init`, with the user's templates and default branch; one
 * that is there already is left as it is) and opens it.
 * @throws Failure `git-missing`, `git-failed`, `git-dubious-ownership`
 */
export async function initializeRepository(
  platform: Platform,
  directory: string,
): Promise<Repository> {
  await platform.disk.makeDirectory(directory);
  const environment = gitEnvironment(platform.environment);
  await textCommands(platform, directory, environment).write('init', '--quiet');
  return openRepository(platform, directory);
}
