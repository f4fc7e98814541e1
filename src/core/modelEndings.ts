import { endingOf } from './series';

// Nobody writes anything else under these endings.
const certain = new Set(
  (
    '.safetensors .gguf .ggml .pt .pth .pth.tar .ckpt .pt2 .ptl .onnx .keras .tflite .weights.h5 ' +
    '.mlmodel .pdparams .caffemodel .cbm .torchscript'
  ).split(' '),
);

// These hold models and much else: only their content tells.
const possible = new Set(
  '.bin .pkl .pickle .joblib .pkl.gz .h5 .hdf5 .npz .npy .json .txt .ubj .model .msgpack .pb'.split(
    ' ',
  ),
);

// Of both, what is text is small; the others may have gigabytes.
const texts = new Set(['.json', '.txt']);
const heavy = [...certain, ...possible].filter((ending) => !texts.has(ending));

/** Whether one of many paths, each with a NUL behind it, has the ending of a file of weights. */
export const weightsAmong = new RegExp(
  `(?:${heavy.map((ending) => ending.replaceAll('.', '\\.')).join('|')})\\0`,
  'i',
);

/** Whether a file is a model by its ending alone. */
export function isModelEnding(name: string): boolean {
  return certain.has(endingOf(name).toLowerCase());
}

/** Whether a file may be a model, if its content says so. */
export function mayBeModel(name: string): boolean {
  return possible.has(endingOf(name).toLowerCase());
}
