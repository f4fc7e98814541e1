import { openArtifactStore } from '../../src/artifacts';
import { artifactStoreContract } from './contract';

artifactStoreContract('chunks', openArtifactStore);
