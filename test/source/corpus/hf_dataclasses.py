from dataclasses import dataclass, field
from typing import Optional

from transformers import HfArgumentParser, Trainer


@dataclass
class ModelArguments:
    """What is fine-tuned."""

    model_name: str = field(default="t5-small", metadata={"help": "a name of the hub"})
    cache_dir: Optional[str] = field(default=None)
    lora_rank: int = field(default=8, metadata={"help": "rank"})
    target_modules: list[str] = field(default_factory=lambda: ["q", "v"])
    scales: dict = field(default_factory=dict)
    freeze_encoder: bool = False


@dataclass(frozen=True)
class DataArguments:
    max_source_length: int = 1024
    max_target_length: int = 128
    val_share: float = 0.1
    prefix: str = "summarize: "


def main():
    parser = HfArgumentParser((ModelArguments, DataArguments))
    model_args, data_args = parser.parse_args_into_dataclasses()
    trainer = Trainer(model=load(model_args), train_dataset=read(data_args))
    trainer.train(resume_from_checkpoint=False)


if __name__ == "__main__":
    main()
