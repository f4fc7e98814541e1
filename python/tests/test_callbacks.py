"""Callbacks and autolog with the real libraries, each in a process of its own; skipped where absent."""

import importlib.util
import unittest

from test_cairn import Sandbox


def needs(*names: str):
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    return unittest.skipIf(bool(missing), "%s: not installed" % ", ".join(missing))


class Callbacks(Sandbox):
    def logged(self) -> list:
        return [entry for entry in self.only() if entry["kind"] == "log"]

    def parameters(self) -> dict:
        found: dict = {}
        for entry in self.only():
            found.update(entry["values"] if entry["kind"] == "parameters" else {})
        return found

    def ended(self) -> str:
        last = self.only()[-1]
        return last.get("state", "running")

    @needs("keras")
    def test_keras(self) -> None:
        self.train(
            """
            import keras, numpy
            from cairn.keras import CairnCallback
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
            model.compile("sgd", "mse", metrics=["mae"])
            x, y = numpy.ones((8, 3)), numpy.ones((8, 1))
            model.fit(x, y, validation_data=(x, y), epochs=3, verbose=0, callbacks=[CairnCallback("digits")])
            """,
            TF_CPP_MIN_LOG_LEVEL="3",
        )
        self.assertEqual([entry["epoch"] for entry in self.logged()], [0, 1, 2])
        self.assertEqual(set(self.logged()[0]["values"]), {"loss", "mae", "val_loss", "val_mae"})
        self.assertEqual(self.parameters()["optimizer"], "SGD")
        self.assertAlmostEqual(self.parameters()["learning_rate"], 0.01, places=5)
        self.assertEqual(self.ended(), "finished")

    @needs("lightning")
    def test_lightning(self) -> None:
        self.train(
            """
            import torch, lightning
            from cairn.lightning import CairnLogger
            class Net(lightning.LightningModule):
                def __init__(self, rate):
                    super().__init__()
                    self.save_hyperparameters()
                    self.layer = torch.nn.Linear(2, 1)
                def training_step(self, batch, index):
                    loss = self.layer(batch[0]).pow(2).mean()
                    self.log("train_loss", loss)
                    return loss
                def configure_optimizers(self):
                    return torch.optim.SGD(self.parameters(), lr=self.hparams.rate)
            data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(8, 2)), batch_size=2)
            trainer = lightning.Trainer(max_epochs=2, logger=CairnLogger("digits"), log_every_n_steps=1,
                enable_checkpointing=False, enable_progress_bar=False, enable_model_summary=False, accelerator="cpu")
            trainer.fit(Net(rate=0.1), data)
            """
        )
        self.assertEqual([entry["step"] for entry in self.logged()], list(range(8)))
        self.assertEqual(set(self.logged()[0]["values"]), {"train_loss"})
        self.assertEqual(self.parameters(), {"rate": 0.1})
        self.assertEqual(self.ended(), "finished")

    @needs("transformers", "torch", "accelerate")
    def test_transformers(self) -> None:
        self.train(
            """
            import torch, transformers
            from cairn.transformers import CairnCallback
            config = transformers.BertConfig(vocab_size=20, hidden_size=8, num_hidden_layers=1,
                num_attention_heads=1, intermediate_size=8, num_labels=2)
            model = transformers.BertForSequenceClassification(config)
            data = [{"input_ids": torch.tensor([1, 2, 3]), "labels": torch.tensor(index % 2)} for index in range(8)]
            args = transformers.TrainingArguments("out", max_steps=4, logging_steps=2, report_to=[], use_cpu=True,
                save_strategy="no", disable_tqdm=True)
            transformers.Trainer(model, args, train_dataset=data, callbacks=[CairnCallback("digits")]).train()
            """
        )
        self.assertIn(2, [entry["step"] for entry in self.logged()])
        self.assertIn("loss", self.logged()[0]["values"])
        self.assertEqual(self.parameters()["max_steps"], 4)
        self.assertEqual(self.ended(), "finished")

    @needs("sklearn")
    def test_scikit_learn(self) -> None:
        self.train(
            """
            from sklearn.linear_model import LogisticRegression
            from cairn import sklearn
            X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
            model = LogisticRegression(C=0.5)
            with sklearn.record(model, "digits") as recorder:
                model.fit(X, y)
                recorder.score(X, y, split="test")
            """
        )
        self.assertEqual((self.parameters()["estimator"], self.parameters()["C"]), ("LogisticRegression", 0.5))
        self.assertEqual(self.logged()[0]["values"], {"test_score": 1.0})
        (run,) = self.inbox()
        self.assertEqual((run / "predictions" / "1.csv").read_text().split()[0], "y_true,y_pred,score")
        self.assertEqual(self.ended(), "finished")

    @needs("sklearn")
    def test_scikit_learn_by_itself(self) -> None:
        self.train(
            """
            from sklearn.linear_model import LogisticRegression
            from sklearn.neural_network import MLPClassifier
            from sklearn.pipeline import make_pipeline
            from sklearn.preprocessing import StandardScaler
            assert cairn.autolog() == cairn.autolog() and "sklearn" in cairn.autolog()
            X, y = [[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1]
            model = make_pipeline(StandardScaler(), LogisticRegression(C=0.5)).fit(X, y)
            print(model.score(X, y))
            MLPClassifier((2,), max_iter=3).fit(X, y)
            try:
                model.fit(X, [0])
            except ValueError:
                print("as ever")
            """
        )
        self.assertEqual(self.said, "1.0\nas ever\n")
        first, second = sorted(self.inbox(), key=lambda run: self.entries(run)[0]["at"])
        parameters, score, end = self.entries(first)[2:]
        self.assertEqual((parameters["values"]["estimator"], parameters["values"]["logisticregression.C"]), ("Pipeline", 0.5))
        self.assertEqual((score["values"], end["state"]), ({"score": 1.0}, "finished"))
        losses = [entry["step"] for entry in self.entries(second) if "loss" in entry.get("values", {})]
        self.assertEqual(losses, [0, 1, 2])

    @needs("lightgbm")
    def test_lightgbm(self) -> None:
        self.train(
            """
            import lightgbm, numpy
            from cairn.lightgbm import CairnCallback
            x = numpy.random.default_rng(0).normal(size=(80, 2))
            data = lightgbm.Dataset(x, (x[:, 0] > 0).astype(int))
            lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1}, data, 5,
                valid_sets=[data], valid_names=["val"], callbacks=[CairnCallback("digits")])
            """
        )
        self.assertEqual([entry["step"] for entry in self.logged()], [0, 1, 2, 3, 4])
        self.assertEqual(set(self.logged()[0]["values"]), {"val_binary_logloss"})
        self.assertEqual(self.parameters()["objective"], "binary")
        self.assertEqual(self.ended(), "finished")

    @needs("xgboost")
    def test_xgboost(self) -> None:
        self.train(
            """
            import xgboost, numpy
            from cairn.xgboost import CairnCallback
            x = numpy.random.default_rng(0).normal(size=(80, 2))
            data = xgboost.DMatrix(x, (x[:, 0] > 0).astype(int))
            xgboost.train({"objective": "binary:logistic"}, data, 3, evals=[(data, "val")], verbose_eval=False,
                callbacks=[CairnCallback("digits")])
            """
        )
        self.assertEqual(set(self.logged()[0]["values"]), {"val_logloss"})
        self.assertEqual(self.ended(), "finished")

    @needs("keras", "lightgbm")
    def test_autolog_hooks_what_is_imported(self) -> None:
        self.train(
            """
            import keras, numpy, lightgbm
            print(sorted(cairn.autolog()), cairn.autolog() == cairn.autolog())
            cairn.init("digits")
            model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            model.compile("sgd", "mse")
            x = numpy.ones((8, 2))
            model.fit(x, x[:, :1], epochs=1, verbose=0)
            data = lightgbm.Dataset(numpy.arange(80.0).reshape(40, 2), numpy.arange(40) % 2)
            lightgbm.train({"objective": "binary", "verbose": -1}, data, 2, valid_sets=[data])
            """,
            TF_CPP_MIN_LOG_LEVEL="3",
        )
        self.assertTrue(self.said.startswith("['keras', 'lightgbm'"))
        names = {name for entry in self.logged() for name in entry["values"]}
        self.assertEqual(names, {"loss", "training_binary_logloss"})

    def test_callbacks_are_added_however_they_are_passed(self) -> None:
        self.train(
            """
            import sys, types
            library = types.ModuleType("lightgbm")
            def train(params, data, rounds=1, callbacks=None):
                print(rounds, [type(one).__name__ for one in callbacks])
            library.train = train
            sys.modules["lightgbm"] = library
            import cairn.lightgbm
            cairn.lightgbm.CairnCallback = type("CairnCallback", (), {})
            cairn.autolog()
            library.train({}, [], 2, ["mine"])
            library.train({}, [], callbacks=["mine"])
            library.train({}, [])
            """
        )
        added = "['str', 'CairnCallback']"
        self.assertEqual(self.said, "2 %s\n1 %s\n1 ['CairnCallback']\n" % (added, added))


if __name__ == "__main__":
    unittest.main()
