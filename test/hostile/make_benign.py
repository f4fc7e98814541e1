"""Writes small files of many libraries into a directory, with what a scan must say of each.

    python make_benign.py DIRECTORY [with_|with_more_]

`clean` are weights; `suspicious` are objects of a library, whose code runs when they are loaded.
Libraries that are not installed are named and left out.
"""

import gzip
import importlib
import json
import os
import pickle
import sys
from collections import OrderedDict, defaultdict

os.environ.setdefault("KERAS_BACKEND", "jax")
folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
expected = {}


def path(name, verdict):
    expected[name] = verdict
    return os.path.join(folder, name)


def with_numpy(np):
    rng = np.random.default_rng(1)
    arrays = {"w": rng.normal(size=(4, 3)).astype("f4"), "b": np.arange(3)}
    np.save(path("array.npy", "clean"), arrays["w"])
    np.save(path("fortran.npy", "clean"), np.asfortranarray(arrays["w"]))
    np.save(path("dates.npy", "clean"), np.array(["2026-01-01"], dtype="M8[D]"))
    np.save(path("texts.npy", "clean"), np.array(["ab", "c"]))
    np.savez(path("arrays.npz", "clean"), **arrays)
    np.savez_compressed(path("packed.npz", "clean"), **arrays)
    for protocol in range(6):
        with open(path(f"arrays_{protocol}.pkl", "clean"), "wb") as file:
            pickle.dump(arrays, file, protocol=protocol)
    with open(path("values.pkl", "clean"), "wb") as file:
        pickle.dump({"a": [1, 2.5, None, True, "x", b"y", (1,), {2}], 3: 1 << 80}, file)
    with open(path("ordered.pkl", "clean"), "wb") as file:
        pickle.dump(OrderedDict(a=1, d=defaultdict(list, x=[1])), file)
    with gzip.open(path("arrays.pkl.gz", "clean"), "wb") as file:
        pickle.dump(arrays, file)
    with open(path("scalars.pkl", "clean"), "wb") as file:
        pickle.dump({"loss": np.float32(0.5), "epoch": np.int64(3)}, file)
    with open(path("generator.pkl", "suspicious"), "wb") as file:
        pickle.dump(rng, file)


def with_torch(torch):
    torch.manual_seed(1)
    net = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.ReLU(), torch.nn.Conv1d(1, 2, 3))
    state = net.state_dict()
    torch.save(state, path("state.pt", "clean"))
    torch.save(state, path("state_legacy.pt", "clean"), _use_new_zipfile_serialization=False)
    torch.save(state, path("state_4.pt", "clean"), pickle_protocol=4)
    torch.save({k: v.bfloat16() for k, v in state.items()}, path("bfloat16.pth", "clean"))
    torch.save(torch.nn.Parameter(torch.ones(2)), path("parameter.pt", "clean"))
    torch.save([torch.ones(2), 3, "x"], path("list.pt", "clean"))
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.ones(1, 1, 4)).sum().backward()
    optimizer.step()
    checkpoint = {"model": state, "optimizer": optimizer.state_dict(), "epoch": 3, "loss": 0.5}
    torch.save(checkpoint, path("checkpoint.ckpt", "clean"))
    torch.save(net, path("module.pt", "suspicious"))
    torch.save(optimizer, path("optimizer.pt", "suspicious"))
    torch.jit.script(net[:2]).save(path("scripted.pt", "clean"))
    torch.jit.trace(net[:2], torch.ones(1, 4)).save(path("traced.pt", "clean"))


def with_safetensors(_):
    import numpy as np
    from safetensors.numpy import save_file

    save_file({"a": np.ones((2, 2), "f4")}, path("plain.safetensors", "clean"))
    save_file({"a": np.ones(3), "b": np.zeros(0)}, path("meta.safetensors", "clean"), {"k": "v"})


def with_sklearn(_):
    import joblib
    import numpy as np
    from sklearn.cluster import KMeans
    from sklearn.ensemble import GradientBoostingClassifier, HistGradientBoostingRegressor
    from sklearn.linear_model import Lasso, LogisticRegression
    from sklearn.naive_bayes import GaussianNB
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC
    from sklearn.tree import DecisionTreeClassifier

    x = np.random.default_rng(1).normal(size=(40, 3))
    y = (x[:, 0] > 0).astype(int)
    models = [
        GradientBoostingClassifier(n_estimators=2),
        HistGradientBoostingRegressor(max_iter=2),
        make_pipeline(StandardScaler(), LogisticRegression()),
        KMeans(2, n_init=1),
        Lasso(),
        GaussianNB(),
        KNeighborsClassifier(algorithm="kd_tree"),
        SVC(),
        DecisionTreeClassifier(max_depth=2),
    ]
    for model in models:
        name = type(model).__name__
        model.fit(x, y)
        joblib.dump(model, path(f"{name}.joblib", "suspicious"))
        with open(path(f"{name}.pkl", "suspicious"), "wb") as file:
            pickle.dump(model, file)
    joblib.dump({"w": x}, path("arrays.joblib", "clean"))
    joblib.dump({"w": x}, path("arrays_z.joblib", "clean"), compress=3)


def with_lightgbm(lightgbm):
    import numpy as np

    x = np.random.default_rng(1).normal(size=(60, 3))
    data = lightgbm.Dataset(x, (x[:, 0] > 0).astype(int))
    booster = lightgbm.train({"objective": "binary", "verbose": -1, "num_leaves": 4}, data, 2)
    booster.save_model(path("lightgbm.txt", "clean"))
    with open(path("lightgbm.pkl", "suspicious"), "wb") as file:
        pickle.dump(booster, file)


def with_onnx(onnx):
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 4])]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 3])]
    weights = [numpy_helper.from_array(np.ones((4, 3), "f4"), "w")]
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    graph = helper.make_graph([node], "g", inputs, outputs, weights)
    onnx.save(helper.make_model(graph), path("plain.onnx", "clean"))


def with_keras(keras):
    layers = keras.layers
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, "relu"), layers.Dropout(0.1)])
    model.save(path("sequential.keras", "clean"))
    model.save(path("sequential.h5", "clean"))
    model.save_weights(path("sequential.weights.h5", "clean"))
    entry = keras.Input((8, 8, 1))
    out = layers.GlobalAveragePooling2D()(layers.Conv2D(2, 3, padding="same")(entry))
    functional = keras.Model(entry, layers.Dense(1)(out))
    functional.compile("adam", "mse", metrics=["mae"])
    functional.save(path("functional.keras", "clean"))
    recurrent = keras.Sequential([keras.Input((5, 2)), layers.Bidirectional(layers.LSTM(2))])
    recurrent.save(path("recurrent.keras", "clean"))


def with_gguf(gguf):
    import numpy as np

    writer = gguf.GGUFWriter(path("plain.gguf", "clean"), "llama")
    writer.add_string(
        "tokenizer.chat_template",
        "{% for message in messages %}{{ '<|' + message['role'] + '|>' + message['content'] }}"
        "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}",
    )
    writer.add_tensor("w", np.ones((4, 4), "f4"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def with_h5py(h5py):
    import numpy as np

    with h5py.File(path("plain.h5", "clean"), "w") as file:
        file["a/b"] = np.ones((3, 4))
        file.create_dataset("packed", data=np.zeros((64, 64)), compression="gzip", shuffle=True)
    with h5py.File(path("latest.h5", "clean"), "w", libver="latest") as file:
        for index in range(30):
            file[f"w{index}"] = np.ones(2)


def with_more_numpy(np):
    rng = np.random.default_rng(2)
    np.savez(path("many_types.npz", "clean"), a=np.ones(3, ">f8"), b=np.array([1 + 2j]), c=np.array(True))
    record = np.zeros(2, dtype=[("x", "<f4", (2,)), ("name", "S3")])
    np.save(path("record.npy", "clean"), record)
    with open(path("two_arrays.npy", "clean"), "wb") as file:
        np.save(file, np.ones(3))
        np.save(file, np.zeros((2, 2)))
    with open(path("record.pkl", "clean"), "wb") as file:
        pickle.dump({"record": record, "dates": np.array(["2026-01-01"], "M8[D]")}, file)
    with open(path("nested.pkl", "clean"), "wb") as file:
        layers = [{"w": rng.normal(size=(3, 2)), "b": np.zeros(2)} for _ in range(3)]
        pickle.dump({"layers": layers, "shape": (3, 2), "names": frozenset("ab")}, file, protocol=5)


def with_more_sklearn(_):
    import joblib
    import numpy as np
    from sklearn.compose import ColumnTransformer
    from sklearn.decomposition import PCA
    from sklearn.ensemble import IsolationForest, RandomForestClassifier, StackingClassifier
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.linear_model import LinearRegression, LogisticRegression
    from sklearn.mixture import GaussianMixture
    from sklearn.model_selection import GridSearchCV
    from sklearn.neural_network import MLPClassifier
    from sklearn.preprocessing import OneHotEncoder, StandardScaler
    from sklearn.svm import LinearSVC

    x = np.random.default_rng(2).normal(size=(30, 3))
    y = (x[:, 0] > 0).astype(int)
    columns = ColumnTransformer([("scale", StandardScaler(), [0, 1]), ("one", OneHotEncoder(), [2])])
    stack = StackingClassifier([("a", LogisticRegression()), ("b", LinearSVC())], cv=2)
    models = [
        RandomForestClassifier(2, max_depth=2),
        IsolationForest(n_estimators=2),
        PCA(2),
        GaussianMixture(2),
        GaussianProcessRegressor(),
        LinearRegression(),
        MLPClassifier((4,), max_iter=3),
        GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2),
        columns,
        stack,
    ]
    for model in models:
        model.fit(x.round(), y)
        joblib.dump(model, path(f"{type(model).__name__}.joblib", "suspicious"), compress=3)
    words = TfidfVectorizer().fit(["a cat sat", "the dog ran"])
    with open(path("TfidfVectorizer.pkl", "suspicious"), "wb") as file:
        pickle.dump(words, file)


def with_more_lightgbm(lightgbm):
    import joblib
    import numpy as np

    x = np.random.default_rng(1).normal(size=(60, 3))
    model = lightgbm.LGBMRegressor(n_estimators=2, num_leaves=4, verbose=-1).fit(x, x[:, 0])
    joblib.dump(model, path("LGBMRegressor.joblib", "suspicious"))
    with open(path("lightgbm_dump.json", "clean"), "w") as file:
        json.dump(model.booster_.dump_model(), file)


def with_more_onnx(onnx):
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])
    out = helper.make_tensor_value_info("y", TensorProto.FLOAT, [2])
    then = helper.make_graph([helper.make_node("Neg", ["x"], ["n"])], "then", [], [out])
    other = helper.make_graph([helper.make_node("Abs", ["x"], ["a"])], "else", [], [out])
    condition = numpy_helper.from_array(np.array(True), "c")
    node = helper.make_node("If", ["c"], ["y"], then_branch=then, else_branch=other)
    graph = helper.make_graph([node], "g", [value], [out], [condition])
    onnx.save(helper.make_model(graph), path("branches.onnx", "clean"))


def with_more_keras(keras):
    layers = keras.layers
    entry = keras.Input((4,))
    scaled = layers.Normalization(mean=0.0, variance=1.0)(entry)
    both = layers.Concatenate()([scaled, layers.Dense(2, activation=keras.activations.gelu)(entry)])
    model = keras.Model(entry, layers.Dense(1, kernel_regularizer="l2")(layers.LayerNormalization()(both)))
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    model.compile(keras.optimizers.AdamW(schedule), keras.losses.Huber(), [keras.metrics.MeanAbsoluteError()])
    model.save(path("compiled.keras", "clean"))
    model.save(path("compiled.h5", "clean"))
    attention = keras.Input((5, 8))
    mixed = layers.MultiHeadAttention(2, 4)(attention, attention)
    keras.Model(attention, layers.GRU(3)(mixed)).save(path("attention.keras", "clean"))


for library in "numpy torch safetensors sklearn lightgbm onnx keras gguf h5py".split():
    try:
        module = importlib.import_module(library)
    except ImportError:
        print(f"{library} is not installed: its files are left out")
        continue
    for wanted in ("with_", "with_more_"):
        if f"{wanted}{library}" in globals() and (len(sys.argv) < 3 or sys.argv[2] == wanted):
            globals()[f"{wanted}{library}"](module)

with open(os.path.join(folder, "expected.json"), "w") as file:
    json.dump(dict(sorted(expected.items())), file, indent=1)
print(f"{len(expected)} files")
