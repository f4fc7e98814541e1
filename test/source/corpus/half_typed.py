import torch

LR = 1e-3
EPOCHS =
BATCH = 64


def train(lr=0.1, epochs=):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.0
    for epoch in range(10):
        loss = step(

class Config:
    width: int = 64
    depth: int =
    name: str = "unfinished

if __name__ == "__main__"
    train(lr=3e-4, 
