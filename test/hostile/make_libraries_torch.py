"""Writes small files of PyTorch and the libraries around it: `python make_libraries_torch.py DIRECTORY`.

What a scan must say of each goes into `expected.json` there, the libraries' versions into
`versions.json`; both keep what other scripts wrote. Libraries that are not installed are left out.
"""

import argparse
import pathlib
import pickle
import shutil
import sys
import tempfile

from library_files import Folder

folder = Folder(sys.argv[1])
clean, suspicious = folder.clean, folder.suspicious
torch = folder.library("torch")
nn = torch.nn
torch.manual_seed(1)


class Net(nn.Module):
    """A class of the program's own."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.act = nn.GELU()
        self.out = nn.Linear(2, 2)
        self.register_buffer("mask", torch.ones(2, dtype=torch.bool))

    def forward(self, x):
        return self.out(self.act(self.conv(x)).mean((2, 3)))


def print_shape(module, inputs, output):
    """A hook."""


def weights():
    state = Net().state_dict()
    for protocol in (2, 3, 5):
        torch.save(state, clean(f"net_{protocol}.pt"), pickle_protocol=protocol)
    torch.save({"state_dict": state, "epoch": 1}, clean("legacy.tar"), _use_new_zipfile_serialization=False)
    kinds = {
        "float8": torch.ones(4).to(torch.float8_e4m3fn),
        "complex": torch.ones(2, dtype=torch.complex64).conj(),
        "sparse": torch.eye(3).to_sparse(),
        "rows": torch.eye(3).to_sparse_csr(),
        "quantized": torch.quantize_per_tensor(torch.ones(3), 0.1, 0, torch.quint8),
        "transposed": torch.ones(3, 4).t(),
        "expanded": torch.ones(1, 3).expand(4, 3),
        "nothing": torch.zeros(0),
        "unsigned": torch.ones(2).to(torch.uint16),
    }
    torch.save(kinds, clean("kinds.pt"))
    torch.save({"shape": torch.Size([1, 2]), "on": torch.device("cpu"), "as": torch.float16}, clean("constants.pt"))
    quantized = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 4)), {nn.Linear})
    torch.save(quantized.state_dict(), clean("quantized_state.pt"))
    normed = nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))
    torch.save(normed.state_dict(), clean("weight_norm.pth"))
    import numpy as np

    torch.save({"accuracy": np.float64(0.5), "means": np.ones(2), "w": torch.ones(2)}, clean("with_numpy.pt"))
    random = {"torch": torch.get_rng_state(), "numpy": np.random.get_state()}
    torch.save({"model": state, "random": random}, clean("resume.ckpt"))


def optimizers():
    net = nn.Linear(4, 2)
    net(torch.ones(1, 4)).sum().backward()
    for name in ("SGD", "AdamW", "RMSprop", "Adagrad"):
        optimizer = getattr(torch.optim, name)(net.parameters(), lr=0.1)
        optimizer.step()
        both = {"model": net.state_dict(), "optimizer": optimizer.state_dict()}
        torch.save(both, clean(f"training_{name}.pt"))
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 10)
    torch.save(schedule.state_dict(), clean("schedule.pt"))
    torch.save(schedule, suspicious("whole_schedule.pt"))


def modules():
    torch.save(Net(), suspicious("own_module.pt"))
    torch.save(Net(), suspicious("own_module_legacy.pt"), _use_new_zipfile_serialization=False)
    torch.save({"model": Net(), "epoch": 1}, suspicious("own_in_checkpoint.pt"))
    torch.save(nn.TransformerEncoderLayer(8, 2, 16), suspicious("transformer_layer.pt"))
    torch.save(nn.LSTM(3, 4), suspicious("lstm.pt"))
    torch.save(nn.DataParallel(nn.Linear(2, 2)), suspicious("data_parallel.pt"))
    torch.save(nn.ModuleDict({"a": nn.ModuleList([nn.BatchNorm1d(3)])}), suspicious("containers.pt"))
    quantized = torch.ao.quantization.quantize_dynamic(nn.Sequential(nn.Linear(4, 4)), {nn.Linear})
    torch.save(quantized, suspicious("quantized_module.pt"))
    hooked = nn.Linear(2, 2)
    hooked.register_forward_hook(print_shape)
    torch.save(hooked, suspicious("hooked.pt"))
    arguments = argparse.Namespace(lr=0.1, out=pathlib.PurePosixPath("x"))
    torch.save({"args": arguments, "w": torch.ones(2)}, suspicious("arguments.pt"))
    with open(suspicious("module_without_torch_save.pkl"), "wb") as file:
        pickle.dump(nn.Linear(2, 2), file)


def scripts_and_exports():
    scripted = torch.jit.script(Net())
    scripted.save(clean("net_scripted.pt"))
    torch.jit.freeze(scripted.eval()).save(clean("net_frozen.pt"))
    torch.jit.save(scripted, clean("net_with_files.pt"), _extra_files={"config.json": '{"a": 1}'})
    scripted._save_for_lite_interpreter(clean("net_lite.ptl"))
    image = (torch.ones(1, 1, 8, 8),)
    torch.export.save(torch.export.export(Net(), image), clean("net_exported.pt2"))
    if folder.library("onnx"):
        torch.onnx.export(Net(), image, clean("net.onnx"), dynamo=False)


def with_safetensors(safetensors):
    from safetensors.torch import save_file, save_model

    save_file(Net().state_dict(), clean("net.safetensors"), {"format": "pt"})
    save_model(Net(), clean("net_model.safetensors"))
    kinds = {"b": torch.ones(2, dtype=torch.bfloat16), "f": torch.ones(2).to(torch.float8_e5m2)}
    save_file(kinds, clean("kinds.safetensors"))


def small(module):
    """The module with four numbers in each tensor: what is scanned is its classes."""
    for tensor in [*module.parameters(), *module.buffers()]:
        tensor.data = tensor.data.reshape(-1)[:4].clone()
    return module


def with_torchvision(torchvision):
    from torchvision.models.resnet import BasicBlock, ResNet

    torch.save(small(ResNet(BasicBlock, [1, 1, 1, 1])), suspicious("torchvision_resnet.pt"))
    for name in ("alexnet", "vgg11", "squeezenet1_1"):
        module = getattr(torchvision.models, name)(weights=None)
        torch.save(small(module), suspicious(f"torchvision_{name}.pt"))
    from torchvision.models.vision_transformer import VisionTransformer

    torch.save(small(VisionTransformer(32, 16, 2, 2, 8, 8)), suspicious("torchvision_vit.pt"))
    preset = torchvision.transforms.Compose([torchvision.transforms.Resize(8), torchvision.transforms.ToTensor()])
    torch.save({"model": {"w": torch.ones(2)}, "transform": preset}, suspicious("torchvision_transform.pt"))


def with_timm(timm):
    from timm.models.resnet import BasicBlock, ResNet
    from timm.models.vision_transformer import VisionTransformer

    torch.save(small(ResNet(BasicBlock, (1, 1, 1, 1))), suspicious("timm_resnet.pt"))
    torch.save(small(VisionTransformer(32, 16, embed_dim=8, depth=1, num_heads=2)), suspicious("timm_vit.pt"))


def with_transformers(transformers):
    bert = transformers.BertConfig(
        vocab_size=8, hidden_size=4, num_hidden_layers=1, num_attention_heads=1, intermediate_size=4, max_position_embeddings=8
    )
    model = transformers.BertModel(bert)
    torch.save(model.state_dict(), clean("pytorch_model.bin"))
    torch.save(model, suspicious("transformers_bert.pt"))
    gpt = transformers.GPT2Config(vocab_size=8, n_embd=4, n_layer=1, n_head=1, n_positions=8)
    torch.save(transformers.GPT2LMHeadModel(gpt), suspicious("transformers_gpt2.pt"))
    with tempfile.TemporaryDirectory() as made:
        model.save_pretrained(made)
        shutil.copy(f"{made}/model.safetensors", clean("transformers.safetensors"))


def with_lightning(lightning):
    class Lit(lightning.LightningModule):
        def __init__(self, lr=0.1):
            super().__init__()
            self.save_hyperparameters()
            self.layer = nn.Linear(2, 1)

        def training_step(self, batch, index):
            return self.layer(batch[0]).sum()

        def configure_optimizers(self):
            return torch.optim.Adam(self.parameters(), self.hparams.lr)

    data = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.ones(4, 2)))
    with tempfile.TemporaryDirectory() as made:
        trainer = lightning.Trainer(
            max_epochs=1, accelerator="cpu", logger=False, enable_progress_bar=False, default_root_dir=made
        )
        trainer.fit(Lit(), data)
        trainer.save_checkpoint(clean("lightning.ckpt"))


def tolerate_missing_operators():
    """torchvision for other hardware lacks compiled operators; its modules can be made without."""
    register = torch.library.register_fake

    def patched(operator, *rest, **named):
        own = str(operator).startswith("torchvision::")
        return (lambda function: function) if own else register(operator, *rest, **named)

    torch.library.register_fake = patched


for make in (weights, optimizers, modules, scripts_and_exports):
    make()
tolerate_missing_operators()
for name in "safetensors torchvision timm transformers lightning".split():
    module = folder.library(name)
    if module:
        globals()[f"with_{name}"](module)
folder.write()
