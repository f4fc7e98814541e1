import type { ModelConfiguration } from '../core/configuration';
import { Failure } from '../core/failure';
import { placeText, type ScanFinding, type ScanVerdict } from '../core/scan';
import type { ArtifactRecord, VersionRecord, Warning } from '../core/version';
import { scanModel } from '../formats';
import { configurationOf } from './models';
import type { Rooms } from './rooms';

const order: readonly ScanVerdict[] = ['suspicious', 'unreadable', 'dangerous'];
/** So many of a file's findings are kept in the record; a scan tells all. */
const mostKept = 5;

interface Candidate {
  readonly model: string;
  readonly gathered: { readonly files: readonly ArtifactRecord[] };
  readonly parent: VersionRecord | null;
}

/**
 * The files with what a scan found in them. Files that the version before has byte for byte keep
 * what was found then, so that a commit costs what changed.
 * @throws Failure `file-refused` where `cairn.yaml` refuses files of this verdict
 */
export async function scannedFiles(
  rooms: Rooms,
  { model, gathered, parent }: Candidate,
): Promise<ArtifactRecord[]> {
  const { refuse } = await configurationOf(rooms, model);
  const files: ArtifactRecord[] = [];
  for (const file of gathered.files) {
    const scanned = await scannedFile(rooms, file, parent);
    requireAllowed(scanned, refuse);
    files.push(scanned);
  }
  return files;
}

async function scannedFile(
  rooms: Rooms,
  file: ArtifactRecord,
  parent: VersionRecord | null,
): Promise<ArtifactRecord> {
  if (file.pointer === true) return file;
  const known = parent?.files.find(
    ({ sha256, path }) => sha256 === file.sha256 && path === file.path,
  );
  if (known !== undefined) return known.scan === undefined ? file : { ...file, scan: known.scan };
  const reader = await rooms.store.open(file.sha256);
  try {
    const { verdict, findings } = await scanModel(reader, file.path);
    // Files of no known format are versioned as bytes; to say so at every commit helps nobody.
    const unknown = findings.every(({ code }) => code === 'not-recognized');
    if (!order.includes(verdict) || unknown) return file;
    return { ...file, scan: { verdict, findings: findings.slice(0, mostKept).map(findingText) } };
  } finally {
    await reader.close();
  }
}

function findingText({ message, where }: ScanFinding): string {
  const place = placeText(where);
  return place === '' ? message : `${message} (${place})`;
}

function requireAllowed(
  { path, scan }: ArtifactRecord,
  refuse: ModelConfiguration['refuse'],
): void {
  if (scan === undefined || refuse === undefined) return;
  if (order.indexOf(scan.verdict) < order.indexOf(refuse)) return;
  const why = scan.findings[0] ?? '';
  throw new Failure('file-refused', { path, verdict: scan.verdict, why });
}

/** One warning a file, with the worst that was found in it. */
export function scanWarnings(files: readonly ArtifactRecord[]): Warning[] {
  return files.flatMap(({ path, scan }) => {
    if (scan === undefined) return [];
    const [first = ''] = scan.findings;
    const more = scan.findings.length > 1 ? ` "cairn scan ${path}" tells the rest.` : '';
    return [
      {
        code: `scan-${scan.verdict}`,
        path,
        message: `${path} is ${verdictWords(scan.verdict)}: ${first}${more}`,
      },
    ];
  });
}

function verdictWords(verdict: ScanVerdict): string {
  return verdict === 'unreadable' ? 'not scanned whole' : verdict;
}
