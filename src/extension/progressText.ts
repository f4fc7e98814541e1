import { bytesText } from '../core/figures';
import type { Progress } from '../core/progress';

const phases: Readonly<Record<Progress['phase'], string>> = {
  scanning: 'Looking at files',
  storing: 'Storing',
  snapshot: 'Recording code',
  publishing: 'Publishing',
  backup: 'Backing up',
  restoring: 'Restoring',
  checking: 'Checking',
  rebuilding: 'Rebuilding',
};

/** `Storing models/digits.safetensors, 12 MB of 1.2 GB`. */
export function progressText({ phase, path, done, total, unit }: Progress): string {
  const amount = (value: number) => (unit === 'bytes' ? bytesText(value) : String(value));
  const end = total === null ? '' : ` of ${amount(total)}`;
  const much =
    done === 0 && total === null
      ? ''
      : `, ${amount(done)}${end}${unit === 'bytes' ? '' : ` ${unit}`}`;
  return `${phases[phase]}${path === undefined ? '' : ` ${path}`}${much}`;
}

/** From 0 to 1; `null` while the end is not known. */
export function progressFraction({ done, total }: Progress): number | null {
  return total === null || total === 0 ? null : Math.min(1, done / total);
}
