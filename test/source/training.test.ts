import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { looksLikeTraining, trainingScriptScore } from '../../src/source/index';

const torch = `import torch
for epoch in range(epochs):
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
torch.save(model.state_dict(), "model.pt")
`;
const sklearn = `from sklearn.ensemble import RandomForestClassifier
clf = RandomForestClassifier()
clf.fit(X, y)
joblib.dump(clf, "model.joblib")
`;
const keras = 'import keras\nmodel.fit(x, y, epochs=3)\nmodel.save("m.keras")\n';
const xgboost =
  'import xgboost as xgb\nbst = xgb.train(params, dtrain)\nbst.save_model("m.json")\n';

describe('a script that trains', () => {
  it.each([
    ['PyTorch', torch],
    ['scikit-learn', sklearn],
    ['Keras', keras],
    ['XGBoost', xgboost],
  ])('with %s is known', (_, text) => {
    expect(looksLikeTraining(text)).toBe(true);
  });

  it('with nothing but the standard library is known', () => {
    const path = fileURLToPath(new URL('../../examples/digits/train.py', import.meta.url));
    expect(looksLikeTraining(readFileSync(path, 'utf8'), 'train.py')).toBe(true);
  });

  it.each([
    ['a server', 'from flask import Flask\napp = Flask(__name__)\n'],
    ['a model alone', 'import torch\nclass Net(torch.nn.Module):\n    pass\n'],
    ['a predictor', 'import joblib\nmodel = joblib.load("m")\nprint(model.predict(x))\n'],
    ['packaging', 'from setuptools import setup\nsetup(name="train")\n'],
    ['nothing', ''],
  ])('is not %s', (_, text) => {
    expect(looksLikeTraining(text)).toBe(false);
  });

  it('is told by its name among several', () => {
    const scores = ['src/train.py', 'main.py', 'model.py', 'tests/test_train.py'].map((path) =>
      trainingScriptScore(torch, path),
    );
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(scores).size).toBe(4);
  });
});
