import { isFailure } from '../core/failure';
import type { Activity } from '../core/progress';
import { type OpenOptions, openProject, type Project } from '../operations';
import type { Surroundings } from './command';

/** Opens the project for one command and closes it whatever happens. */
export async function withProject<T>(
  { platform, directory, open, activity }: Surroundings,
  work: (project: Project) => Promise<T>,
  options: Pick<OpenOptions, 'looks'> = {},
): Promise<T> {
  const project = await openProject(platform, directory, { ...open, ...options, once: true });
  try {
    await takeInQuietly(project, activity);
    return await work(project);
  } finally {
    await project.close();
  }
}

/**
 * What training left comes in with whatever is asked. When it cannot, that is no failure of what is
 * asked: it stays in the inbox, and `cairn runs` shows what was refused.
 */
async function takeInQuietly(project: Project, activity: Activity): Promise<void> {
  try {
    await project.takeIn({}, activity);
  } catch (error) {
    if (!isFailure(error)) throw error;
  }
}
