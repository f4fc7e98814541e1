import torch
from accelerate import Accelerator

config = {"lr": 2e-5, "num_epochs": 3, "seed": 42, "batch_size": 16}
config["gradient_accumulation_steps"] = 4


def training_function(config, args):
    accelerator = Accelerator(mixed_precision="bf16", gradient_accumulation_steps=2)
    lr = config["lr"]
    eps = 1e-8
    optimizer = torch.optim.AdamW(params=model.parameters(), lr=lr, eps=eps, betas=(0.9, 0.98))
    total = 0
    for epoch in range(config["num_epochs"]):
        for batch in loader:
            total += 1
            with accelerator.accumulate(model):
                accelerator.backward(model(**batch).loss)
                accelerator.clip_grad_norm_(model.parameters(), max_norm=0.3)


def main():
    training_function(config, None)


if __name__ == "__main__":
    main()
