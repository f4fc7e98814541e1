import lightgbm as lgb
from lightgbm import LGBMRegressor

base = dict(n_estimators=2000, learning_rate=0.03, num_leaves=31)
tuned = dict(base, num_leaves=63, min_child_samples=40)
model = LGBMRegressor(**base, reg_lambda=0.1, random_state=0)
model.fit(
    x, y, eval_set=[(vx, vy)], callbacks=[lgb.early_stopping(stopping_rounds=100, verbose=False)]
)


def objective(trial):
    params = {
        "num_leaves": trial.suggest_int("num_leaves", 16, 256, log=True),
        "feature_fraction": 0.9,
        "bagging": {"fraction": 0.7, "freq": 5},
    }
    return lgb.cv(params, data, nfold=5, num_boost_round=300, stratified=False)["l2-mean"][-1]
