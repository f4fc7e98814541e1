import jax
import optax
from absl import app, flags
from flax import linen as nn

FLAGS = flags.FLAGS
flags.DEFINE_float("learning_rate", 1e-3, "how far a step goes")
flags.DEFINE_integer("batch_size", 256, "rows a step", lower_bound=1)
flags.DEFINE_string("workdir", None, "where results go")
flags.DEFINE_enum("schedule", "cosine", ["cosine", "constant"], "how it falls")
flags.DEFINE_bool("bfloat16", default=False, help="half precision")


class MLP(nn.Module):
    features: int = 512
    layers: int = 3
    rate: float = 0.1

    @nn.compact
    def __call__(self, x, *, train: bool = False):
        for _ in range(self.layers):
            x = nn.Dropout(rate=self.rate, deterministic=not train)(nn.Dense(self.features)(x))
        return x


def create_optimizer(peak=3e-4):
    return optax.chain(
        optax.clip_by_global_norm(max_norm=1.0),
        optax.adamw(optax.warmup_cosine_decay_schedule(0.0, peak, warmup_steps=100, decay_steps=5_000)),
    )


def main(argv):
    train(create_optimizer(peak=1e-3))


if __name__ == "__main__":
    app.run(main)
