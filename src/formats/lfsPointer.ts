import { latin1 } from './bytes';
import { header, isCount, type ModelHeader, type Probe } from './modelHeader';

/**
 * The text file that Git LFS leaves in the place of a file that was not downloaded: sorted
 * `key value` lines after the version, under 1,024 bytes.
 * https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function readLfsPointer({ reader, head }: Probe): ModelHeader | null {
  if (reader.size >= 1024) return null;
  const text = latin1(head);
  if (!/^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v1\r?\n/.test(text)) return null;
  const sha256 = /^oid sha256:([0-9a-f]{64})\r?$/m.exec(text)?.[1];
  const size = Number(/^size (\d{1,16})\r?$/m.exec(text)?.[1] ?? Number.NaN);
  if (sha256 === undefined || !isCount(size)) {
    return header('lfs-pointer', { why: 'the Git LFS pointer names no object' });
  }
  return header('lfs-pointer', {
    pointer: { sha256, size },
    metadata: { oid: `sha256:${sha256}`, size },
  });
}
