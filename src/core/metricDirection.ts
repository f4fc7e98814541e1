import type { Direction } from './version';

/**
 * Words that tell which way a metric improves. They count as whole words only: `val_loss` holds
 * `loss`, `glossary` does not. Two words in a row are written with a space.
 */
const higherWords = new Set([
  ...['accuracy', 'acc', 'f1', 'f2', 'fbeta', 'fscore', 'fmeasure', 'f score'],
  ...['auc', 'auroc', 'rocauc', 'auprc', 'prauc', 'aucpr', 'gini', 'ap', 'map', 'iou', 'miou'],
  ...['dice', 'jaccard', 'bleu', 'sacrebleu', 'chrf', 'rouge', 'rougel', 'rougelsum', 'meteor'],
  ...['bertscore', 'comet', 'cider', 'spice', 'r2', 'rsquared', 'r squared', 'precision', 'recall'],
  ...['sensitivity', 'specificity', 'tpr', 'tnr', 'ppv', 'npv', 'mcc', 'matthews', 'kappa'],
  ...['ndcg', 'mrr', 'hits', 'psnr', 'ssim', 'reward', 'return', 'exact match', 'em'],
  ...['average precision', 'likelihood', 'pearson', 'spearman', 'pearsonr', 'spearmanr', 'elbo'],
]);
const lowerWords = new Set([
  ...['loss', 'logloss', 'error', 'err', 'rmse', 'mse', 'mae', 'mape', 'smape', 'wape', 'mase'],
  ...['rmsle', 'msle', 'mdape', 'nrmse', 'perplexity', 'ppl', 'wer', 'cer', 'ter', 'eer'],
  ...[
    'squared error',
    'absolute error',
    'word error',
    'fid',
    'kid',
    'lpips',
    'nll',
    'crossentropy',
    'cross entropy',
    'brier',
    'ece',
    'hinge',
  ],
  ...['bpb', 'bpc', 'fpr', 'fnr', 'regret', 'divergence', 'deviance'],
]);

/** A name that ends so speaks of something else than the metric before it: `loss_weight`. */
const otherThings = new Set([
  ...['scale', 'weight', 'weights', 'coef', 'coefficient', 'threshold', 'patience', 'time'],
  ...['seconds', 'count', 'samples', 'std', 'stderr', 'var', 'variance'],
]);

/**
 * The words of a metric's name in lower case: split at everything that is no letter or digit and
 * at camel humps; digits at a word's end are dropped unless the word is known with them (`f1`,
 * `r2`); two words that mean something together stay together. `metrics/mAP50-95(B)` is metrics,
 * map, b; `valF1Score` is val, f1, score; `mean_squared_error` is mean, squared error.
 */
export function metricWords(name: string): string[] {
  const words = name
    .split(/[^\p{L}\p{N}]+/u)
    .filter((token) => token !== '')
    .flatMap((token) => {
      const whole = knownWord(token.toLowerCase());
      return whole === null ? humps(token) : [whole];
    });
  return joinPairs(words);
}

function humps(token: string): string[] {
  return token
    .split(/(?<=\p{Ll}|\p{N})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u)
    .map((part) => knownWord(part.toLowerCase()) ?? part.toLowerCase().replace(/\d+$/, ''))
    .filter((part) => part !== '');
}

function knownWord(word: string): string | null {
  for (const form of [word, word.replace(/\d+$/, '')]) {
    if (higherWords.has(form) || lowerWords.has(form)) return form;
  }
  return null;
}

function joinPairs(words: readonly string[]): string[] {
  const joined: string[] = [];
  for (const word of words) {
    const pair = `${joined.at(-1) ?? ''} ${word}`;
    if (higherWords.has(pair) || lowerWords.has(pair)) joined.splice(-1, 1, pair);
    else joined.push(word);
  }
  return joined;
}

/**
 * Which way a metric improves, by the words of its name; `null` where no word tells, and then no
 * better or worse may be shown. Of several such words the last counts, as in English: a `dice_loss`
 * is a loss. `neg_` and `negative_` turn it round (scikit-learn's `neg_mean_squared_error` is
 * better when higher).
 */
export function metricDirection(name: string): Direction | null {
  const words = metricWords(name);
  const last = words.at(-1) ?? '';
  // `best_accuracy_epoch` is a place on the axis, while Lightning's `train_loss_epoch` is a loss.
  const place = (last === 'epoch' || last === 'step') && words.includes('best');
  if (otherThings.has(last) || place) return null;
  const telling = words.findLast((word) => higherWords.has(word) || lowerWords.has(word));
  if (telling === undefined) return null;
  const turned = words.includes('neg') || words.includes('negative');
  return higherWords.has(telling) !== turned ? 'higher' : 'lower';
}
