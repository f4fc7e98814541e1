import { isFailure } from '../core/failure';
import type { Disk } from '../platform';

/** Names of files that hold keys, passwords or tokens, by what writes them. */
const secretNames: readonly RegExp[] = [
  // Settings for the environment, but not the examples that projects ship.
  /^\.env(?!\.(?:example|sample|template|dist|defaults?)$)(?:\..+)?$/,
  /^.+\.env$/,
  // Keys and certificates with keys.
  /\.(?:pem|key|p12|pfx|pkcs12|ppk|jks|keystore|kdbx|asc\.key)$/,
  /\.keystore\b/,
  /^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$/,
  // Credentials of services and tools.
  /^(?:credentials|client_secrets?|application_default_credentials|service[-_]?account|secrets?)\b.*\.(?:json|ya?ml|toml|ini|csv)$/,
  /^client_secret.*\.json$/,
  /^service[-_]?account.*\.json$/,
  /^kaggle\.json$/,
  /^[._]netrc$/,
  /^\.(?:git-credentials|pgpass|pypirc|htpasswd|dockercfg|vault-token|npmrc|my\.cnf)$/,
  /^credentials$/,
  /^kubeconfig(?:\..+)?$/,
  /\.kubeconfig$/,
  /\.tfstate(?:\.backup)?$/,
];

/** Directories that tools keep their credentials in. */
const secretDirectories =
  /(?:^|\/)(?:\.(?:aws|ssh|gnupg|azure|kube|gcloud|kaggle)\/|\.docker\/config\.json$)/;

/** Whether a file looks like a secret by its path (forward slashes). */
export function looksSecret(path: string): boolean {
  const lower = path.toLowerCase();
  const name = lower.slice(lower.lastIndexOf('/') + 1);
  return secretDirectories.test(lower) || secretNames.some((pattern) => pattern.test(name));
}

/** A file with a key in it is small. */
const keyFileLimit = 256 * 1024;

/**
 * A private key in its usual text form, with the beginning of the key: code that only mentions the
 * first line holds no key. In JSON the line breaks are written out.
 */
const privateKey =
  /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:\\r|\\n|\s)+[A-Za-z0-9+/=:,.\- ]{16}/;

/** Looks into a small file for a private key. @throws Failure when it cannot be read */
export async function holdsPrivateKey(disk: Disk, path: string, size: number): Promise<boolean> {
  if (size === 0 || size > keyFileLimit) return false;
  const bytes = await readIfSmall(disk, path);
  return bytes !== null && privateKey.test(Buffer.from(bytes).toString('latin1'));
}

async function readIfSmall(disk: Disk, path: string): Promise<Uint8Array | null> {
  try {
    return await disk.readSmall(path, keyFileLimit);
  } catch (error) {
    // A file that grew meanwhile is none of the small ones; whether it may be read was known before.
    if (isFailure(error, 'unreadable') && error.data.why.includes('limit')) return null;
    throw error;
  }
}
