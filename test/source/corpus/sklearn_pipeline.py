import joblib
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

RANDOM_STATE = 42

x_train, x_test, y_train, y_test = train_test_split(
    x, y, test_size=0.2, random_state=RANDOM_STATE, stratify=y
)
pipeline = Pipeline(
    steps=[
        ("scale", StandardScaler(with_mean=False)),
        ("forest", RandomForestClassifier(n_estimators=300, max_depth=12, class_weight="balanced")),
    ],
    memory=None,
)
grid = {
    "forest__max_depth": [4, 8, 12],
    "forest__min_samples_leaf": [1, 5],
    "forest__bootstrap": [True, False],
}
search = GridSearchCV(pipeline, grid, cv=5, n_jobs=-1, scoring="f1_macro")
search.fit(x_train, y_train)
joblib.dump(search.best_estimator_, "model.joblib", compress=3)
