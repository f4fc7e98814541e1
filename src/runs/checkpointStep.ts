/** When a checkpoint was written, as its name tells. */
export interface CheckpointStep {
  readonly epoch: number | null;
  readonly step: number | null;
}

const epochPattern = /(?:^|[^a-z])(?:epochs?|ep|e)[=_-]?(\d{1,9})(?![\d.]*[a-z])/i;
const stepPattern =
  /(?:^|[^a-z])(?:global[_-]?step|steps?|iterations?|iters?|checkpoint|ckpt|chkpt)[=_-]?(\d{1,12})(?![\d]*[a-z])/i;
const kerasPattern = /^(?:weights|model)\.(\d{1,6})-/i;

/**
 * Reads the epoch and the step from a checkpoint's name or its folder's: `epoch_07.pt`,
 * `epoch=7-step=800.ckpt`, `checkpoint-500/model.safetensors`, `weights.07-0.35.h5`. `null` where
 * neither is named. Whether they count from 0 or 1 the name does not tell.
 */
export function checkpointStep(path: string): CheckpointStep | null {
  for (const part of path.split('/').slice(-2).reverse()) {
    const name = part.replace(/\.(?:pt|pth|ckpt|bin|h5|hdf5|keras|safetensors|onnx|pkl)$/i, '');
    const epoch = numberIn(epochPattern, name) ?? numberIn(kerasPattern, name);
    const step = numberIn(stepPattern, name);
    if (epoch !== null || step !== null) return { epoch, step };
  }
  return null;
}

function numberIn(pattern: RegExp, name: string): number | null {
  const digits = pattern.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}
