from lightning.pytorch.cli import LightningCLI

from models import Segmenter


def cli_main():
    cli = LightningCLI(
        Segmenter,
        seed_everything_default=1234,
        save_config_kwargs={"overwrite": True},
        trainer_defaults={"max_epochs": 50, "limit_train_batches": 0.5, "logger": {"name": "csv"}},
        run=False,
    )
    cli.trainer.fit(cli.model, datamodule=cli.datamodule)


if __name__ == "__main__":
    cli_main()
