import { whenNeeded } from './whenNeeded';

// The verbs that stand outside of an opened project.
export const compareFiles = whenNeeded(async () => (await import('./compareFiles')).compareFiles);
export const discover = whenNeeded(async () => (await import('./discover')).discover);
export const initializeProject = whenNeeded(
  async () => (await import('./initialize')).initializeProject,
);
export const inspectFile = whenNeeded(async () => (await import('./inspect')).inspectFile);
export const openProject = whenNeeded(async () => (await import('./openProject')).openProject);
export const rebuildProject = whenNeeded(
  async () => (await import('./rebuildProject')).rebuildProject,
);
export const runTraining = whenNeeded(async () => (await import('./runCommand')).runTraining);
export const scanFiles = whenNeeded(async () => (await import('./scan')).scanFiles);
export const tensorHistogram = whenNeeded(
  async () => (await import('./tensorHistogram')).tensorHistogram,
);
