"""Tests of the example's arithmetic from the inside: python3 train_test.py EXAMPLE_FOLDER."""

import random
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv.pop(1))

import train  # noqa: E402  (its folder is an argument)


def loss(network, batch):
    return sum(train.cross_entropy(train.forward(network, p)[-1], digit) for p, digit in batch)


class Gradients(unittest.TestCase):
    """Backpropagation against central differences of the loss, for every single weight."""

    def setUp(self):
        rng = random.Random(1)
        self.network = train.new_network([6, 5, 4, 3], rng)
        for _, biases in self.network:
            biases[:] = [rng.gauss(0.0, 0.5) for _ in biases]
        self.batch = [([rng.random() for _ in range(6)], digit) for digit in (0, 1, 2, 1)]

    def slope(self, numbers, index, step=1e-6):
        kept = numbers[index]
        numbers[index] = kept + step
        above = loss(self.network, self.batch)
        numbers[index] = kept - step
        below = loss(self.network, self.batch)
        numbers[index] = kept
        return (above - below) / (2 * step)

    def test_every_weight_and_bias(self):
        totals, total_loss, _ = train.batch_gradients(self.network, self.batch)
        self.assertAlmostEqual(total_loss, loss(self.network, self.batch), places=12)
        checked = 0
        for (weights, biases), (weight_totals, bias_totals) in zip(self.network, totals):
            for numbers, slopes in zip(weights + [biases], weight_totals + [bias_totals]):
                for index, slope in enumerate(slopes):
                    self.assertAlmostEqual(self.slope(numbers, index), slope, places=6)
                    checked += slope != 0.0
        self.assertGreater(checked, 40)


class Descent(unittest.TestCase):
    def test_momentum_carries_on(self):
        network, velocity = [[[[1.0]], [0.0]]], [[[[0.0]], [0.0]]]
        gradients = [[[[2.0]], [0.0]]]
        train.MOMENTUM = 0.5
        train.descend(network, velocity, gradients, 0.1)
        self.assertAlmostEqual(network[0][0][0][0], 0.8)
        train.descend(network, velocity, gradients, 0.1)
        self.assertAlmostEqual(network[0][0][0][0], 0.5)


class Shifting(unittest.TestCase):
    def test_moves_ink_by_one_pixel_and_lets_blank_come_in(self):
        image = [float(1 + i) for i in range(64)]
        for direction, right, down in [
            ("up", 0, -1),
            ("down", 0, 1),
            ("left", -1, 0),
            ("right", 1, 0),
        ]:
            expected = [0.0] * 64
            for y in range(8):
                for x in range(8):
                    if 0 <= y + down < 8 and 0 <= x + right < 8:
                        expected[8 * (y + down) + x + right] = image[8 * y + x]
            self.assertEqual(train.shifted(image, direction), expected, direction)


class Splitting(unittest.TestCase):
    def test_every_image_is_in_exactly_one_part(self):
        training, validation = train.split(range(1797), 0.2)
        self.assertEqual(len(validation), 359)
        self.assertEqual(sorted(training + validation), list(range(1797)))
        self.assertEqual(train.split(range(1797), 0.2), (training, validation))


if __name__ == "__main__":
    unittest.main()
