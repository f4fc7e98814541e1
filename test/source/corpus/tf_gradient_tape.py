import tensorflow as tf

hp = tf.contrib.HParams(units=512, dropout=0.1) if OLD else None
EPOCHS = 25
optimizer = tf.keras.optimizers.SGD(learning_rate=0.01, momentum=0.9)


@tf.function(jit_compile=True)
def train_step(x, y, weight=1.0):
    with tf.GradientTape() as tape:
        loss = weight * loss_fn(y, model(x, training=True))
    grads = tape.gradient(loss, model.trainable_variables)
    grads, _ = tf.clip_by_global_norm(grads, clip_norm=5.0)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))


for epoch in range(EPOCHS):
    for x, y in data.batch(64).shuffle(buffer_size=1024, seed=7):
        train_step(x, y)
