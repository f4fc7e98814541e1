/**
 * What lies in the user's project: its configuration (`cairn.yaml`), the models, checkpoints and
 * datasets on its disk, its Python environment, and which paths are its own. It promises to read
 * within limits, to say where a limit stopped it, to leave the project by no symbolic link and to
 * write nothing but a `cairn.yaml` where there is none. It must not know what a version is made of,
 * where anything is stored, or how a model file is laid out: that comes in as functions.
 */
export { configurationName, parseConfiguration, readConfiguration } from './configuration';
export { configurationText, writeConfiguration } from './configurationFile';
export type { DatasetLimits, DatasetOptions, DigestMemory } from './datasetDigests';
export { type DatasetDescription, describeDataset } from './datasets';
export {
  type DiscoveredModel,
  type Discovery,
  type DiscoveryLimits,
  type DiscoveryOptions,
  discoverModels,
} from './discovery';
export { type EnvironmentOptions, readEnvironment } from './environment';
export { type ExpandOptions, type Expansion, expand, type FoundFile } from './expand';
export { escapeGlob, type GlobOptions, literalOf, type Matcher, matcher } from './globs';
export {
  type Choice,
  type ChosenFile,
  type ChosenMember,
  type Identified,
  type Identify,
  type OtherMembers,
  type Selection,
  selectFiles,
} from './members';
export { type ConventionalNames, type NearbyFiles, nearbyOnDisk, nearestTo } from './nearby';
export { inOrder } from './parallel';
export { absolutePath, isProjectPath, requireParentsInside, resolveInside } from './paths';
export { directoryOf, nameOf } from './units';
