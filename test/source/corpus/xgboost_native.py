import xgboost as xgb

params = {
    "objective": "binary:logistic",
    "eta": 0.1,
    "max_depth": 6,
    "subsample": 0.8,
    "colsample_bytree": 0.8,
    "lambda": 1,
    "eval_metric": ["auc", "logloss"],
    "monotone_constraints": (1, 0, -1),
}
params["scale_pos_weight"] = 3.5
params.update({"tree_method": "hist"}, nthread=4)
num_round = 500
booster = xgb.train(
    params,
    xgb.DMatrix("train.svm", missing=-999.0),
    num_boost_round=num_round,
    evals=[(dtest, "test")],
    early_stopping_rounds=20,
    verbose_eval=50,
)
booster.save_model("model.ubj")
