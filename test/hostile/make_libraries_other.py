"""Writes small files of libraries beside PyTorch: `python make_libraries_other.py DIRECTORY`.

See `make_libraries_torch.py`: both write into the same directory.
"""

import os
import shutil
import sys
import tempfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

from library_files import Folder

folder = Folder(sys.argv[1])
clean, suspicious = folder.clean, folder.suspicious
np = folder.library("numpy")
random = np.random.default_rng(1)
x = np.abs(random.normal(size=(30, 3)))
y = (x[:, 0] > x[:, 1]).astype(int)


def with_sklearn(sklearn):
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.ensemble import AdaBoostClassifier, ExtraTreesRegressor, VotingClassifier
    from sklearn.feature_selection import SelectKBest, f_classif
    from sklearn.impute import KNNImputer, SimpleImputer
    from sklearn.linear_model import LogisticRegression, Ridge, SGDClassifier
    from sklearn.metrics import f1_score, make_scorer
    from sklearn.model_selection import GridSearchCV, RandomizedSearchCV
    from sklearn.neighbors import KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import FunctionTransformer, PolynomialFeatures, PowerTransformer

    joblib = folder.library("joblib")
    scored = GridSearchCV(LogisticRegression(), {"C": [1]}, scoring=make_scorer(f1_score), cv=2)
    uniform = __import__("scipy.stats").stats.uniform(0, 1)
    models = {
        "logarithm": make_pipeline(FunctionTransformer(np.log1p), Ridge()),
        "best": make_pipeline(SelectKBest(f_classif, k=2), LogisticRegression()),
        "imputed": make_pipeline(SimpleImputer(), KNNImputer(), PolynomialFeatures()),
        "scored": scored,
        "searched": RandomizedSearchCV(Ridge(), {"alpha": uniform}, n_iter=1, cv=2),
        "calibrated": CalibratedClassifierCV(LogisticRegression(), cv=2),
        "boosted": AdaBoostClassifier(n_estimators=2),
        "trees": ExtraTreesRegressor(2, max_depth=2),
        "voting": VotingClassifier([("a", LogisticRegression()), ("b", SGDClassifier())]),
        "neighbours": KNeighborsRegressor(algorithm="ball_tree"),
        "power": PowerTransformer(),
    }
    for name, model in models.items():
        joblib.dump(model.fit(x, y), suspicious(f"{name}.joblib"))
    for method in ("zlib", "gzip", "bz2", "lzma", "xz"):
        joblib.dump(models["logarithm"], suspicious(f"logarithm_{method}.joblib"), (method, 3))
        joblib.dump({"w": x}, clean(f"arrays_{method}.joblib"), (method, 3))
    joblib.dump({"names": np.array(["a", None], dtype=object)}, clean("objects.joblib"))


def with_lz4(_):
    import joblib

    joblib.dump({"w": x}, clean("arrays_lz4.joblib"), ("lz4", 3))


def with_pandas(pandas):
    table = pandas.DataFrame({"a": [1, 2], "b": ["x", "y"], "c": pandas.Categorical(["u", "v"])})
    table["d"] = pandas.to_datetime(["2026-01-01", "2026-01-02"])
    table.to_pickle(suspicious("table.pkl"))


def with_dill(dill):
    with open(suspicious("arrays_by_dill.pkl"), "wb") as file:
        dill.dump({"w": np.ones(3)}, file)


def with_cloudpickle(cloudpickle):
    with open(clean("arrays_by_cloudpickle.pkl"), "wb") as file:
        cloudpickle.dump({"w": np.ones(3)}, file)


def with_lightgbm(lightgbm):
    model = lightgbm.LGBMClassifier(n_estimators=2, verbose=-1).fit(x, y)
    model.booster_.save_model(clean("classifier.lightgbm.txt"))


def with_h5py(h5py):
    with h5py.File(clean("features.h5"), "w") as file:
        packed = file.create_dataset("x", data=np.ones((10, 10)), chunks=(5, 5), compression="lzf", fletcher32=True)
        packed.attrs["text"] = "text"
        file["soft"] = h5py.SoftLink("/x")
        file["reference"] = np.array([file["x"].ref], dtype=h5py.ref_dtype)
        file["texts"] = ["a", "b"]
        file["pairs"] = np.zeros(2, [("a", "f4"), ("b", "i8")])
        file.create_dataset("growing", (0,), maxshape=(None,))


def with_gguf(gguf):
    writer = gguf.GGUFWriter(clean("quantized.gguf"), "llama")
    writer.add_block_count(1)
    writer.add_token_list(["a", "b"])
    kind = gguf.GGMLQuantizationType.Q8_0
    writer.add_tensor("half", np.ones((2, 32), "f2"))
    writer.add_tensor("blocks", gguf.quants.quantize(np.ones((2, 32), "f4"), kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def with_onnx(onnx):
    from onnx import TensorProto, helper

    def value(name, *shape):
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    twice = helper.make_function(
        "own", "Twice", ["a"], ["b"], [helper.make_node("Add", ["a", "a"], ["b"])], [helper.make_opsetid("", 18)]
    )
    node = helper.make_node("Twice", ["x"], ["y"], domain="own")
    graph = helper.make_graph([node], "g", [value("x", 1)], [value("y", 1)])
    versions = [helper.make_opsetid("", 18), helper.make_opsetid("own", 1)]
    onnx.save(helper.make_model(graph, functions=[twice], opset_imports=versions), clean("function.onnx"))
    node = helper.make_node("LinearRegressor", ["x"], ["y"], domain="ai.onnx.ml", coefficients=[1.0, 2.0])
    graph = helper.make_graph([node], "g", [value("x", 1, 2)], [value("y", 1, 1)])
    versions = [helper.make_opsetid("ai.onnx.ml", 3), helper.make_opsetid("", 18)]
    onnx.save(helper.make_model(graph, opset_imports=versions), clean("regression.onnx"))


def with_keras(keras):
    layers = keras.layers
    image = [keras.Input((8, 8, 1)), layers.Rescaling(1 / 255.0), layers.RandomFlip(), layers.Conv2D(2, 3)]
    head = [layers.BatchNormalization(), layers.Flatten(), layers.Dense(2, kernel_regularizer="l2")]
    model = keras.Sequential([*image, *head])
    model.compile("adam", "mse", metrics=["accuracy"])
    model.fit(np.ones((4, 8, 8, 1)), np.eye(2)[[0, 1, 0, 1]], verbose=0)
    model.save(clean("images.keras"))
    model.save(clean("images.h5"))
    model.save_weights(clean("images.weights.h5"))
    entry = keras.Input((4,))
    out = layers.Dense(1)(keras.ops.concatenate([keras.ops.relu(entry) + 1.0, entry]))
    keras.Model(entry, out).save(clean("operations.keras"))


def with_tensorflow(tensorflow):
    keras = tensorflow.keras
    words = keras.layers.TextVectorization(max_tokens=10, output_sequence_length=4)
    words.adapt(["a b", "c d"])
    text = keras.Sequential([keras.Input((1,), dtype="string"), words, keras.layers.Embedding(10, 2)])
    text.save(clean("texts.keras"))

    class Scaled(tensorflow.Module):
        def __init__(self):
            self.scale = tensorflow.Variable([1.0, 2.0])

        @tensorflow.function(input_signature=[tensorflow.TensorSpec([2], tensorflow.float32)])
        def call(self, value):
            return value * self.scale

    with tempfile.TemporaryDirectory() as made:
        text.export(f"{made}/texts")
        tensorflow.saved_model.save(Scaled(), f"{made}/scaled")
        for name in ("texts", "scaled"):
            shutil.copy(f"{made}/{name}/saved_model.pb", clean(f"{name}.saved_model.pb"))
            shutil.copy(f"{made}/{name}/variables/variables.index", clean(f"{name}.variables.index"))
        with open(clean("scaled.tflite"), "wb") as file:
            file.write(tensorflow.lite.TFLiteConverter.from_saved_model(f"{made}/scaled").convert())
        tensorflow.train.Checkpoint(v=tensorflow.Variable([1.0])).save(f"{made}/checkpoint")
        shutil.copy(f"{made}/checkpoint-1.index", clean("checkpoint.index"))
        graph = tensorflow.Graph()
        with graph.as_default(), tensorflow.compat.v1.Session() as session:
            tensorflow.compat.v1.get_variable("v", [2])
            session.run(tensorflow.compat.v1.global_variables_initializer())
            tensorflow.compat.v1.train.Saver().save(session, f"{made}/first")
        shutil.copy(f"{made}/first.meta", clean("first.meta"))


names = "sklearn lz4 pandas dill cloudpickle lightgbm h5py gguf onnx tensorflow keras"
for name in names.split():
    module = folder.library(name)
    if module:
        globals()[f"with_{name}"](module)
folder.write()
