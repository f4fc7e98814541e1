/** What speaks for a script that trains: a pattern and its weight. Each counts once. */
const signs: readonly (readonly [weight: number, pattern: RegExp])[] = [
  [
    2,
    /^\s*(?:import|from)\s+(?:torch|tensorflow|keras|jax|flax|sklearn|xgboost|lightgbm|catboost|transformers|pytorch_lightning|lightning|fastai|accelerate|mxnet|paddle|peft|trl|timm|ultralytics|tinygrad|mlx)\b/m,
  ],
  [3, /\.backward\(|GradientTape\(|value_and_grad\(|\bgrad\(/],
  [3, /\.fit\(|\.partial_fit\(|\.fit_generator\(/],
  [3, /\b(?:xgb|xgboost|lgb|lightgbm|trainer|model)\.train\(/],
  [2, /\b(?:def|class)\s+_?(?:train|fit|Trainer|training_step|main_train)/],
  [
    2,
    /torch\.save\(|save_file\(|save_model\(|\.save_pretrained\(|\.save_weights\(|model\.save\(|joblib\.dump\(|pickle\.dump\(|safetensors|\.export\(/,
  ],
  [1, /optimi[sz]er|\bSGD\b|\bAdamW?\b/i],
  [1, /\bnum_epochs\b|\bn_epochs\b|\bepochs?\b/i],
  [1, /\blearning_rate\b|\blr\b/i],
  [1, /\bbatch_size\b/i],
  [1, /\bloss\b/i],
  [1, /__name__\s*==\s*["']__main__["']/],
];

/** From here on a script is taken for one that trains. */
const enough = 5;

/**
 * How much a Python script looks like one that trains a model: 0 not at all, above 10 surely. With
 * its path, the name counts too (`train.py` for it, tests and packaging against it).
 */
export function trainingScriptScore(text: string, path = ''): number {
  const sum = signs.reduce((total, [weight, sign]) => total + (sign.test(text) ? weight : 0), 0);
  return Math.max(0, sum + nameScore(path.slice(path.lastIndexOf('/') + 1)));
}

function nameScore(name: string): number {
  if (/^(?:test_.*|.*_test|conftest|setup|noxfile|__init__)\.py$/i.test(name)) return -5;
  if (/^(?:(?:pre|re)?train|(?:fine_?|-)?tune|finetune|fit)(?:[_-].*)?\.py$/i.test(name)) return 4;
  if (/(?:^|[_-])(?:train|training|finetune|fit)(?:[_-]|\.)/i.test(name)) return 3;
  return /^main\.py$/i.test(name) ? 1 : 0;
}

/** Whether a script is called what scripts that train are called. */
export function isNamedForTraining(path: string): boolean {
  return nameScore(path.slice(path.lastIndexOf('/') + 1)) >= 3;
}

export function looksLikeTraining(text: string, path = ''): boolean {
  return trainingScriptScore(text, path) >= enough;
}
