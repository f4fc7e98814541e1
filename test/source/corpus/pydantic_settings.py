from typing import Annotated, Literal

from pydantic import BaseModel, Field
from pydantic_settings import BaseSettings


class OptimizerConfig(BaseModel):
    name: Literal["sgd", "adamw"] = "adamw"
    lr: float = Field(3e-4, gt=0, le=1)
    weight_decay: Annotated[float, Field(ge=0)] = 0.05
    schedule: list[int] = Field(default=[30, 60, 90])


class TrainConfig(BaseSettings):
    model_config = {"env_prefix": "TRAIN_", "extra": "forbid"}
    epochs: int = Field(default=90, description="passes over the data")
    mixup: float | None = None
    optimizer: OptimizerConfig = OptimizerConfig(lr=1e-3)

    def total(self, factor: int = 2) -> int:
        return self.epochs * factor


config = TrainConfig(epochs=100)
