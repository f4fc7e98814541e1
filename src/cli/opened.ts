import { openProject, type Project } from '../operations';
import type { Surroundings } from './command';

/** Opens the project for one command and closes it whatever happens. */
export async function withProject<T>(
  { platform, directory, open }: Surroundings,
  work: (project: Project) => Promise<T>,
): Promise<T> {
  const project = await openProject(platform, directory, open);
  try {
    return await work(project);
  } finally {
    await project.close();
  }
}
