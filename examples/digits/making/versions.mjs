/**
 * The versions that the example project is made with, in order: what a person would try next, one
 * idea at a time.
 *
 * `edits` are the assignments of train.py that change, as Python source. `data` says in a few words
 * how the data is handled from this version on. `git` tells whether the person commits the code to
 * Git too: `before` or `after` the version is made, or `never`. Cairn keeps the code in any case.
 */
export const versions = [
  {
    title: 'raw pixels, a small network',
    edits: {},
    data: 'raw pixels, 0 to 16',
    message: 'Baseline: raw pixels, 16 hidden units',
    git: 'before',
  },
  {
    title: 'pixels scaled to 0..1',
    edits: { SCALE: '16.0', LEARNING_RATE: '0.1' },
    data: 'pixels divided by 16',
    message: 'Scale the pixels to 0..1, which bears a higher learning rate',
    git: 'before',
  },
  {
    title: 'wider hidden layer',
    edits: { HIDDEN_LAYERS: '[32]', EPOCHS: '15' },
    message: 'Twice as many hidden units, and a little longer',
    git: 'after',
  },
  {
    title: 'learning rate twenty times as high',
    edits: { LEARNING_RATE: '2.0' },
    message: 'Try a much higher learning rate to get there faster',
    git: 'never',
  },
  {
    title: 'momentum',
    edits: { LEARNING_RATE: '0.05', MOMENTUM: '0.9' },
    message: 'Back to a low learning rate, with momentum',
    git: 'never',
  },
  {
    title: 'shifted images, decaying learning rate',
    edits: { SHIFTED_SHARE: '0.2', LEARNING_RATE_DECAY: '0.9', BATCH_SIZE: '16', EPOCHS: '18' },
    data: 'pixels divided by 16; a fifth of the training images moved by one pixel',
    message: 'Shift a fifth of the images by one pixel, let the learning rate decay',
    git: 'before',
  },
];
