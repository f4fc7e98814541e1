from types import SimpleNamespace

from easydict import EasyDict as edict
from ml_collections import ConfigDict
from yacs.config import CfgNode as CN

cfg = SimpleNamespace(
    lr=1e-3,
    epochs=12,
    aug=SimpleNamespace(flip=0.5, rotate=15, policy=["hflip", "color"]),
)
cfg.aug.rotate = 30

old = edict({"backbone": "resnet50", "head": {"anchors": [8, 16, 32], "iou": 0.7}})
old.head.nms = 0.5

_C = CN()
_C.SOLVER = CN()
_C.SOLVER.BASE_LR = 0.02
_C.SOLVER.STEPS = (60000, 80000)
_C.OUTPUT_DIR = "./out"


def get_config():
    config = ConfigDict()
    config.learning_rate = 0.1
    config.model = ConfigDict({"width": 256, "depth": 4})
    config.model.depth = 6
    return config
