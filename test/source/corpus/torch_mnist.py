"""Digits with a small convolutional network; options on the command line."""
import argparse

import torch
from torch import nn, optim
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader


class Digits(nn.Module):
    def __init__(self, channels=32, hidden: int = 128):
        super().__init__()
        self.first = nn.Conv2d(1, channels, kernel_size=3, padding=1)
        self.drop = nn.Dropout(p=0.25)
        self.head = nn.Linear(channels * 196, hidden)

    def forward(self, x):
        return self.head(self.drop(torch.relu(self.first(x))).flatten(1))


def train_epoch(args, model, loader, optimizer, epoch):
    model.train()
    seen = 0
    for index, (x, y) in enumerate(loader):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        seen += len(x)
        if index % args.log_interval == 0:
            print(f"{epoch}: {seen}", end="\r")


def main():
    parser = argparse.ArgumentParser(description="digits")
    parser.add_argument("--batch-size", type=int, default=64, metavar="N", help="rows a step")
    parser.add_argument("--test-batch-size", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--lr", "--learning-rate", type=float, default=1.0)
    parser.add_argument("--gamma", type=float, default=0.7)
    parser.add_argument("-s", "--seed", dest="random_seed", type=int, default=1)
    parser.add_argument("--dry-run", action="store_true", default=False)
    parser.add_argument("--data-dir", default="/data")
    parser.add_argument("--log-interval", type=int, default=10)
    args = parser.parse_args()
    torch.manual_seed(args.random_seed)
    train_loader = DataLoader(digits(True), batch_size=args.batch_size, shuffle=True, num_workers=2)
    test_loader = DataLoader(digits(False), batch_size=args.test_batch_size, num_workers=1)
    model = Digits(channels=48).to("cpu")
    optimizer = optim.Adadelta(model.parameters(), lr=args.lr, rho=0.9)
    scheduler = StepLR(optimizer, step_size=1, gamma=args.gamma)
    for epoch in range(1, args.epochs + 1):
        train_epoch(args, model, train_loader, optimizer, epoch)
        scheduler.step()


if __name__ == "__main__":
    main()
