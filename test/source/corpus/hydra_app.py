import hydra
from hydra.core.config_store import ConfigStore
from omegaconf import MISSING, DictConfig, OmegaConf
from dataclasses import dataclass, field


@dataclass
class Optimizer:
    _target_: str = "torch.optim.Adam"
    lr: float = 0.001
    betas: tuple = (0.9, 0.999)


@dataclass
class Config:
    optimizer: Optimizer = field(default_factory=Optimizer)
    epochs: int = MISSING
    seed: int = 7


ConfigStore.instance().store(name="base", node=Config)
defaults = OmegaConf.create({"trainer": {"devices": 2, "strategy": "ddp"}, "tags": ["a", "b"]})


@hydra.main(version_base=None, config_path="conf", config_name="train")
def main(cfg: DictConfig) -> None:
    optimizer = hydra.utils.instantiate(cfg.optimizer, params=model.parameters(), weight_decay=1e-2)
    train(cfg, optimizer)


if __name__ == "__main__":
    main()
