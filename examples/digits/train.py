"""Train a small neural network that reads handwritten digits.

A multilayer perceptron with ReLU units and a softmax on top, trained by minibatch gradient
descent with momentum. It needs Python 3.8 or later and nothing else; where the module `cairn` is
there, it tells Cairn how it goes on.

Reads data/digits.csv; writes models/digits.safetensors, metrics.json, history.json and
predictions.csv. On one machine and Python, the same settings give the same files bit for bit.
"""

import csv
import json
import math
import os
import random
import struct
import sys
from array import array
from contextlib import nullcontext
from operator import mul
from pathlib import Path

# Data: pixels run from 0 to 16 and are divided by SCALE. In each epoch another SHIFTED_SHARE of
# the training images is moved by one pixel up, down, left or right.
SCALE = 1.0
SHIFTED_SHARE = 0.0
VALIDATION_SHARE = 0.2

# Network: how many units each hidden layer has.
HIDDEN_LAYERS = [16]

# Training: each epoch's learning rate is the one before it times LEARNING_RATE_DECAY.
LEARNING_RATE = 0.01
LEARNING_RATE_DECAY = 1.0
MOMENTUM = 0.0
BATCH_SIZE = 32
EPOCHS = 12
SEED = 7

HERE = Path(__file__).resolve().parent


def read_digits(path, scale):
    """Return [(pixels, digit)]: 64 pixels, row by row from the top left, divided by scale."""
    with open(path, newline="", encoding="ascii") as file:
        rows = [[int(cell) for cell in row] for row in csv.reader(file)]
    return [([pixel / scale for pixel in row[:-1]], row[-1]) for row in rows]


def split(examples, share):
    """Return (training, validation), the same for one share whatever SEED is."""
    shuffled = list(examples)
    random.Random(0).shuffle(shuffled)
    held_out = round(len(shuffled) * share)
    return shuffled[held_out:], shuffled[:held_out]


def shifted(pixels, direction):
    """Return an 8x8 image moved by one pixel; what comes in from outside is blank."""
    if direction == "up":
        return pixels[8:] + [0.0] * 8
    if direction == "down":
        return [0.0] * 8 + pixels[:-8]
    rows = [pixels[start : start + 8] for start in range(0, 64, 8)]
    if direction == "left":
        return [pixel for row in rows for pixel in row[1:] + [0.0]]
    return [pixel for row in rows for pixel in [0.0] + row[:-1]]


def new_network(sizes, rng):
    """Return a layer [weights, biases] for each pair of sizes, with weights[unit][input].

    Weights are normal with variance 2 / inputs, which suits ReLU units (He et al., 2015).
    """
    network = []
    for inputs, units in zip(sizes, sizes[1:]):
        spread = math.sqrt(2.0 / inputs)
        weights = [[rng.gauss(0.0, spread) for _ in range(inputs)] for _ in range(units)]
        network.append([weights, [0.0] * units])
    return network


def zeros_like(network):
    return [
        [[[0.0] * len(row) for row in weights], [0.0] * len(biases)] for weights, biases in network
    ]


def softmax(sums):
    highest = max(sums)
    powers = [math.exp(z - highest) for z in sums]
    total = sum(powers)
    return [power / total for power in powers]


def forward(network, pixels):
    """Return the values of all layers: the pixels, each hidden layer, the class probabilities."""
    values = [pixels]
    for depth, (weights, biases) in enumerate(network, start=1):
        below = values[-1]
        sums = [sum(map(mul, row, below)) + bias for row, bias in zip(weights, biases)]
        is_last = depth == len(network)
        values.append(softmax(sums) if is_last else [z if z > 0.0 else 0.0 for z in sums])
    return values


def cross_entropy(scores, digit):
    """Return the loss of one image in nats; the floor keeps a hopeless score finite."""
    return -math.log(max(scores[digit], 1e-12))


def is_correct(scores, digit):
    return scores.index(max(scores)) == digit


def add_gradients(totals, network, columns, values, digit):
    """Add one image's gradients to totals, from the last layer down (backpropagation).

    columns holds each layer's weights transposed, columns[depth][input][unit]. A unit whose
    error is zero has no gradient and is skipped: with ReLU that is about half of them.
    """
    errors = list(values[-1])
    errors[digit] -= 1.0
    for depth in range(len(network) - 1, -1, -1):
        below = values[depth]
        weight_totals, bias_totals = totals[depth]
        for unit, error in enumerate(errors):
            if error != 0.0:
                row = weight_totals[unit]
                weight_totals[unit] = [total + error * value for total, value in zip(row, below)]
                bias_totals[unit] += error
        if depth > 0:
            errors = [
                sum(map(mul, column, errors)) if value > 0.0 else 0.0
                for column, value in zip(columns[depth], below)
            ]


def batch_gradients(network, batch):
    """Return (gradients, loss, correct), each summed over the batch."""
    totals, loss, correct = zeros_like(network), 0.0, 0
    columns = [list(zip(*weights)) for weights, _ in network]
    for pixels, digit in batch:
        values = forward(network, pixels)
        loss += cross_entropy(values[-1], digit)
        correct += is_correct(values[-1], digit)
        add_gradients(totals, network, columns, values, digit)
    return totals, loss, correct


def descend(network, velocity, gradients, rate):
    """Take one step of that rate down the gradients, with momentum (Polyak, 1964)."""

    def move(numbers, speeds, slopes):
        speeds[:] = [MOMENTUM * speed - rate * slope for speed, slope in zip(speeds, slopes)]
        numbers[:] = [number + speed for number, speed in zip(numbers, speeds)]

    for layer, layer_velocity, layer_gradients in zip(network, velocity, gradients):
        for row, speeds, slopes in zip(layer[0], layer_velocity[0], layer_gradients[0]):
            move(row, speeds, slopes)
        move(layer[1], layer_velocity[1], layer_gradients[1])


def train_epoch(network, velocity, training, rate, rng):
    """Go through the training images once; return (loss, accuracy) as met on the way."""
    images = list(training)
    rng.shuffle(images)
    for index in range(round(SHIFTED_SHARE * len(images))):
        pixels, digit = images[index]
        images[index] = (shifted(pixels, rng.choice(["up", "down", "left", "right"])), digit)
    rng.shuffle(images)
    loss, correct = 0.0, 0
    for start in range(0, len(images), BATCH_SIZE):
        batch = images[start : start + BATCH_SIZE]
        totals, batch_loss, batch_correct = batch_gradients(network, batch)
        descend(network, velocity, totals, rate / len(batch))
        loss += batch_loss
        correct += batch_correct
    return loss / len(images), correct / len(images)


def evaluate(network, examples):
    """Return (loss, accuracy, [the ten scores of each image])."""
    scores = [forward(network, pixels)[-1] for pixels, _ in examples]
    digits = [digit for _, digit in examples]
    loss = sum(map(cross_entropy, scores, digits)) / len(examples)
    return loss, sum(map(is_correct, scores, digits)) / len(examples), scores


def round_to_float32(network):
    """Round in place to what the file holds, so that what is measured is what is saved."""
    for weights, biases in network:
        for row in weights + [biases]:
            row[:] = array("f", row)


def is_finite(network):
    return all(
        all(map(math.isfinite, row)) for weights, biases in network for row in weights + [biases]
    )


def safetensors_bytes(network, metadata):
    """Return a safetensors file: u64 header length, JSON header, float32 data, little-endian.

    Spaces after the header let the data begin at a multiple of 8.
    Format: https://huggingface.co/docs/safetensors
    """
    header, parts, end = {"__metadata__": metadata}, [], 0
    for depth, (weights, biases) in enumerate(network):
        flat = [weight for row in weights for weight in row]
        shape = [len(weights), len(weights[0])]
        for name, sizes, numbers in ("weight", shape, flat), ("bias", [len(biases)], biases):
            parts.append(struct.pack("<%df" % len(numbers), *numbers))
            begin, end = end, end + len(parts[-1])
            place = {"dtype": "F32", "shape": sizes, "data_offsets": [begin, end]}
            header["layers.%d.%s" % (depth, name)] = place
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def predictions_csv(examples, scores):
    """Return one line per image: the true digit, the predicted one, the score of each class."""
    lines = ["y_true,y_pred," + ",".join("score_%d" % digit for digit in range(10))]
    for (_, digit), row in zip(examples, scores):
        cells = [str(digit), str(row.index(max(row)))] + ["%.9g" % score for score in row]
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def write(path, content):
    """Write a file beside its place and move it there, so that nobody reads half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".tmp")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def write_json(path, value):
    write(path, (json.dumps(value, indent=2) + "\n").encode("ascii"))


def save(network, training, validation, history):
    """Measure the finished network and write everything, the weights last."""
    loss, accuracy, _ = evaluate(network, training)
    val_loss, val_accuracy, scores = evaluate(network, validation)
    metrics = {
        "val_accuracy": round(val_accuracy, 6),
        "val_loss": round(val_loss, 6),
        "train_accuracy": round(accuracy, 6),
        "train_loss": round(loss, 6),
        "epochs": len(history["loss"]),
    }
    metadata = {"scale": repr(SCALE), "validation_share": repr(VALIDATION_SHARE)}
    write_json(HERE / "metrics.json", metrics)
    write_json(HERE / "history.json", history)
    write(HERE / "predictions.csv", predictions_csv(validation, scores).encode("ascii"))
    write(HERE / "models" / "digits.safetensors", safetensors_bytes(network, metadata))


def begin_run():
    """Return Cairn's record of this training, or nothing where the module is not there."""
    try:
        import cairn
    except ImportError:
        return nullcontext()
    settings = {name: value for name, value in globals().items() if name.isupper()}
    del settings["HERE"]
    run = cairn.init("digits", params=settings)
    run.log_dataset(HERE / "data" / "digits.csv")
    return run


def main():
    with begin_run() as run:
        train(run)


def train(run):
    digits = read_digits(HERE / "data" / "digits.csv", SCALE)
    training, validation = split(digits, VALIDATION_SHARE)
    rng = random.Random(SEED)
    network = new_network([64] + HIDDEN_LAYERS + [10], rng)
    velocity = zeros_like(network)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(1, EPOCHS + 1):
        rate = LEARNING_RATE * LEARNING_RATE_DECAY ** (epoch - 1)
        loss, accuracy = train_epoch(network, velocity, training, rate, rng)
        round_to_float32(network)
        if not (math.isfinite(loss) and is_finite(network)):
            sys.exit("The training diverged in epoch %d; try a lower LEARNING_RATE." % epoch)
        val_loss, val_accuracy, _ = evaluate(network, validation)
        for name, value in zip(history, (loss, accuracy, val_loss, val_accuracy)):
            history[name].append(round(value, 6))
        if run is not None:
            run.log({name: values[-1] for name, values in history.items()}, epoch=epoch)
        latest = "  ".join("%s %.4f" % (name, values[-1]) for name, values in history.items())
        print("epoch %d/%d  %s" % (epoch, EPOCHS, latest), flush=True)
    save(network, training, validation, history)


if __name__ == "__main__":
    main()
