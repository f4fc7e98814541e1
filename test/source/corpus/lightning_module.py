import lightning as L
import torch
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint


class Classifier(L.LightningModule):
    def __init__(self, lr: float = 1e-3, width: int = 64, dropout=0.2, *, warmup_steps: int = 500):
        super().__init__()
        self.save_hyperparameters()
        self.temperature = 0.07
        self.net = torch.nn.Sequential(torch.nn.Linear(28 * 28, width), torch.nn.Dropout(dropout))

    def training_step(self, batch, batch_idx):
        x, y = batch
        loss = torch.nn.functional.cross_entropy(self.net(x), y)
        self.log("train_loss", loss, prog_bar=True)
        return loss

    def configure_optimizers(self):
        optimizer = torch.optim.AdamW(self.parameters(), lr=self.hparams.lr, weight_decay=0.01)
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=0.1, total_steps=1_000)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}


if __name__ == "__main__":
    L.seed_everything(42, workers=True)
    trainer = L.Trainer(
        max_epochs=30,
        accelerator="auto",
        precision="16-mixed",
        gradient_clip_val=0.5,
        accumulate_grad_batches=4,
        callbacks=[
            EarlyStopping(monitor="val_loss", patience=3, mode="min"),
            ModelCheckpoint(monitor="val_loss", save_top_k=2),
        ],
    )
    trainer.fit(Classifier(lr=2e-3, width=128), datamodule=Digits(batch_size=256))
