from sklearn import datasets, svm
from sklearn.linear_model import LogisticRegression, SGDClassifier


def fit_all(C=1.0, gamma="scale", kernel: str = "rbf"):
    x, y = datasets.load_digits(return_X_y=True)
    classifier = svm.SVC(C=C, gamma=0.001, kernel=kernel, probability=True)
    linear = LogisticRegression(C=0.5, max_iter=1000, solver="saga", l1_ratio=.5)
    online = SGDClassifier(loss="log_loss", alpha=1e-4, early_stopping=True, tol=None)
    for one in (classifier, linear, online):
        one.fit(x, y)
    return classifier


if __name__ == '__main__':
    fit_all(C=10.)
