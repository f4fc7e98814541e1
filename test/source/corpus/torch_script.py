# Everything at the top of the module, no functions at all.
import torch
from torch import nn

LEARNING_RATE = 3e-4
BATCH_SIZE, EPOCHS = 128, 20
HIDDEN = [256, 128]
momentum: float = 0.9
use_amp = True
device = "cuda" if torch.cuda.is_available() else "cpu"
scale = 1.0 / 255
best = 0.0
step = 0

model = nn.Sequential(
    nn.Linear(784, HIDDEN[0]),
    nn.Dropout(p=0.1),
    nn.ReLU(inplace=True),
    nn.Dropout(p=0.5),
)
optimizer = torch.optim.SGD(
    [
        {"params": model[0].parameters(), "lr": 1e-4},
        {"params": model[3].parameters()},
    ],
    lr=LEARNING_RATE,
    momentum=momentum,
    weight_decay=5e-4,
    nesterov=True,
)
for epoch in range(EPOCHS):
    for x, y in batches(BATCH_SIZE):
        loss = nn.functional.cross_entropy(model(x), y, label_smoothing=0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        step += 1
    score = evaluate(model)
    if score > best:
        best = score
        torch.save(model.state_dict(), "best.pt")
