"""Ask the trained network about images that it was not trained on.

python3 predict.py       how many of the held-out images the weights on disk read correctly
python3 predict.py 12    one of them, drawn in the terminal, with what the network sees in it
"""

import json
import struct
import sys

from train import HERE, evaluate, forward, read_digits, split


def read_network(path):
    """Return (network, metadata) from a safetensors file that train.py wrote."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8 : 8 + length].decode("ascii"))

    def numbers(name):
        begin, end = header[name]["data_offsets"]
        return list(struct.unpack_from("<%df" % ((end - begin) // 4), content, 8 + length + begin))

    network = []
    while "layers.%d.weight" % len(network) in header:
        prefix = "layers.%d." % len(network)
        units, inputs = header[prefix + "weight"]["shape"]
        flat = numbers(prefix + "weight")
        rows = [flat[unit * inputs : (unit + 1) * inputs] for unit in range(units)]
        network.append([rows, numbers(prefix + "bias")])
    return network, header["__metadata__"]


def draw(pixels):
    """Print the image, two characters a pixel, darker for more ink."""
    most = max(pixels)
    for start in range(0, 64, 8):
        print("".join(" .:*#"[round(4 * pixel / most)] * 2 for pixel in pixels[start : start + 8]))


def show(network, pixels, digit):
    scores = forward(network, pixels)[-1]
    draw(pixels)
    best = sorted(range(10), key=scores.__getitem__, reverse=True)[:3]
    print("network: " + ", ".join("%d (%.0f %%)" % (d, 100 * scores[d]) for d in best))
    print("in truth: %d" % digit)


def main():
    weights = HERE / "models" / "digits.safetensors"
    if not weights.exists():
        sys.exit("models/digits.safetensors is not there yet: run `python3 train.py` first.")
    network, metadata = read_network(weights)
    digits = read_digits(HERE / "data" / "digits.csv", float(metadata["scale"]))
    _, held_out = split(digits, float(metadata["validation_share"]))
    if len(sys.argv) == 1:
        _, accuracy, _ = evaluate(network, held_out)
        right = round(accuracy * len(held_out))
        print("%d of %d right: val_accuracy %.6f" % (right, len(held_out), accuracy))
    elif sys.argv[1].isdecimal() and int(sys.argv[1]) < len(held_out):
        show(network, *held_out[int(sys.argv[1])])
    else:
        sys.exit("Give the number of an image from 0 to %d." % (len(held_out) - 1))


if __name__ == "__main__":
    main()
