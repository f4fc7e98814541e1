import tensorflow as tf

AUTOTUNE = tf.data.AUTOTUNE
IMG_SIZE = 160
BASE_LEARNING_RATE = 0.0001
FINE_TUNE_AT = 100


def build(rate=0.2, alpha: float = 1.0):
    inputs = tf.keras.Input(shape=(IMG_SIZE, IMG_SIZE, 3))
    base = tf.keras.applications.MobileNetV2(include_top=False, weights="imagenet", alpha=alpha)
    base.trainable = False
    x = tf.keras.layers.RandomRotation(factor=0.2)(inputs)
    x = tf.keras.layers.Dropout(rate=rate)(base(x, training=False))
    return tf.keras.Model(inputs, tf.keras.layers.Dense(units=1, activation="sigmoid")(x))


def train(model, epochs=10):
    schedule = tf.keras.optimizers.schedules.ExponentialDecay(
        initial_learning_rate=BASE_LEARNING_RATE, decay_steps=10_000, decay_rate=0.96
    )
    model.compile(optimizer=tf.keras.optimizers.RMSprop(learning_rate=schedule, rho=0.95))
    return model.fit(train_set, epochs=epochs, class_weight={0: 1.0, 1: 2.5})


train(build(rate=0.3))
