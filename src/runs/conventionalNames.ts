/**
 * Names that training code and its libraries write under, as globs of a path's last part, the most
 * telling first. `config.json` is not among them: beside weights it describes the architecture.
 */
export const conventionalNames = {
  parameters: [
    ...[
      'params.yaml',
      'params.yml',
      'params.json',
      'params.toml',
      'parameters.{yaml,yml,json,toml}',
    ],
    ...['hparams.{yaml,yml,json}', 'hyperparameters.{yaml,yml,json,toml}'],
    ...['hyperparams.{yaml,yml,json,toml}', 'train_config.{yaml,yml,json,toml}'],
    ...['training_config.{yaml,yml,json,toml}', 'train.{yaml,yml,toml}'],
    ...['args.{yaml,yml,json}', 'train_args.{yaml,json}', 'config.{yaml,yml,toml}'],
  ],
  metrics: [
    ...['metrics.json', 'eval_metrics.json', 'test_metrics.json', 'val_metrics.json'],
    ...['evaluation.json', 'eval_results.json', 'all_results.json', 'test_results.json'],
    ...['results.json', 'scores.json'],
  ],
  curves: [
    ...['history.json', 'training_history.json', 'train_history.json', 'history.{csv,jsonl}'],
    ...['training_log.csv', 'train_log.csv', 'training.{csv,log}', 'log.csv', 'logs.csv'],
    ...['metrics.{csv,jsonl,tsv}', 'results.csv', 'trainer_state.json', 'progress.csv'],
  ],
  predictions: ['predictions.csv', 'test_predictions.csv', 'val_predictions.csv', 'preds.csv'],
} as const satisfies Record<string, readonly string[]>;
