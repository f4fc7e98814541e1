import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git, weights } from './trainedProject';

const script = `import torch

LEARNING_RATE = 0.001
BATCH_SIZE = 64
BACKBONE = "resnet18"

for epoch in range(30):
    torch.save({}, f"checkpoints/epoch_{epoch:02}.safetensors")
`;

/** Any bytes; what lies in these places is never looked into. */
const other = Buffer.from('not looked at');

/**
 * A repository as it is found: nothing of Cairn's, thirty checkpoints that Git ignores, another
 * model, a base model that was downloaded, a virtual environment and packages with weights in them.
 */
export function makeMessyRepository(folder: string): void {
  const write = (name: string, content: string | Buffer) => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return file;
  };
  write('train.py', script);
  write('notes/ideas.md', '- freeze the backbone\n');
  write('.gitignore', 'checkpoints/\nexports/\npretrained/\n.venv/\nnode_modules/\n');
  write('metrics.json', JSON.stringify({ val_accuracy: 0.9127906976744186, val_loss: 0.31 }));
  for (let epoch = 1; epoch <= 30; epoch++) {
    const name = `checkpoints/epoch_${String(epoch).padStart(2, '0')}.safetensors`;
    writtenAgo(32 - epoch, write(name, weights(8, epoch)));
  }
  writtenAgo(1, write('pretrained/resnet18.safetensors', weights(12, 7)));
  writtenAgo(0, write('exports/segmenter.safetensors', weights(4, 99)));
  write('.venv/pyvenv.cfg', 'home = /usr/bin\n');
  write('.venv/lib/python3.11/site-packages/torch/_tests/model.pt', other);
  write('node_modules/onnxruntime/models/sample.onnx', other);
  write('.env', 'API_KEY=secret\n');
  git(folder, 'init', '--quiet', '--initial-branch', 'main');
  git(folder, 'config', 'user.name', 'Ada');
  git(folder, 'config', 'user.email', 'ada@example.org');
  git(folder, 'add', 'train.py', 'notes', '.gitignore');
  git(folder, 'commit', '--quiet', '--message', 'Train a classifier');
}

/** Models are listed newest first: each file's time is its own. */
function writtenAgo(minutes: number, file: string): void {
  const time = new Date(Date.now() - minutes * 60_000);
  utimesSync(file, time, time);
}
