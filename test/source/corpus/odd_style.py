#!/usr/bin/env python
# -*- coding: utf-8 -*-
import wandb; LR=1e-2;WD = -1e-4
if True: BATCH = 0x40
try:
    import apex; USE_APEX = True
except ImportError: USE_APEX = False
NAMES = ('a',)
PAIRS = [(1, 2), (3, 4)]
BIG = 12345678901234567890
TEXT = '''three
lines'''
RAW = r"\d+" "x"
A = B = 5
X, (Y, Z) = 1, (2, 3)
LAYERS = [dict(n=1), dict(n=2)]
lambda_ = lambda x=3: x
cls = type("C", (), {"k": 1})
run = wandb.init(project='p', config={'lr': LR, 'dropout': .3, 'arch': {'depth': 18}}, tags=["t"])
class   Weird ( object ) :
  alpha=1;beta = 2
  def fit(self,n_iter = 10,*,tol=1e-3,**kw): self.n=n_iter; self.seed = 3
async def train_async(steps = 5): return await go(steps=steps, retries=2)
@decorate(level=3)
def decorated(q=1): ...
if __name__=="__main__": Weird().fit(n_iter=20)
