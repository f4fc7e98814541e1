"""The newer grammar: walrus, match, type parameters, and numbers that stand by their place."""

import sys
from typing import NamedTuple

import torch
from torch import nn
from tqdm import tqdm

type Schedule = list[float]


class Settings(NamedTuple):
    lr: float = 3e-4
    betas: tuple[float, float] = (0.9, 0.95)
    warmup: int = 1_000


def build[T: nn.Module](kind: type[T], *, width: int = 256, dropout: float = 0.1) -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(784, width),
        nn.Dropout(dropout),
        nn.GroupNorm(8, width, 1e-5),
        Attention(dim=384, heads=6),
        nn.Linear(width, 10),
    )


def optimizer_for(model, name: str, settings: Settings):
    match name:
        case "sgd":
            return torch.optim.SGD(model.parameters(), 0.1, momentum=0.9)
        case "adam" | "adamw":
            options = {"lr": settings.lr}
            options.update(eps=1e-6, amsgrad=True)
            return torch.optim.AdamW(model.parameters(), **options)
        case {"lr": rate}:
            return torch.optim.Adam(model.parameters(), rate)
        case _:
            raise ValueError(3)


def train(epochs=12):
    model = build(nn.Module, width=512)
    optimizer = optimizer_for(model, "adam", Settings(warmup=500))
    patience, best = 4, 0.0
    for epoch in tqdm(range(epochs), desc="epochs", leave=False):
        if (share := 0.25) and (limit := len(sys.argv)) > 2:
            print("short", share, limit, sep=" ", flush=True)
        predicted = model(inputs).argmax(dim=1, keepdim=True)
        if (score := evaluate(predicted, threshold=0.5)) > best:
            best = score
        else:
            patience -= 1


train(epochs=20)
