import type { ArchitectureNode } from '../core/architecture';
import type { MetadataValue } from './modelHeader';
import { isPickled, type PickledCall, type PickleValue } from './pickleValue';

/** Deeper than modules are nested, and more than a model has. */
const deepest = 60;
const mostModules = 100_000;

/**
 * The modules of a whole module that was saved (`torch.save(model)`, TorchScript): objects whose
 * state has `_modules`, or, in TorchScript, attributes that are objects. `null` for weights alone.
 */
export function torchArchitecture(root: PickleValue): ArchitectureNode | null {
  let count = 0;
  const nodeOf = (name: string, call: PickledCall, depth: number): ArchitectureNode => {
    count++;
    const parts = depth < deepest && count < mostModules ? modulesOf(call) : [];
    return {
      name,
      kind: classOf(call),
      attributes: attributesOf(call),
      children: parts.map(([key, part]) => nodeOf(key, part, depth + 1)),
    };
  };
  return isPickled(root, 'call') && isModule(root) ? nodeOf('', root, 0) : null;
}

type Entry = readonly [PickleValue, PickleValue];

function stateOf({ state }: PickledCall): readonly Entry[] {
  return isPickled(state, 'dict') ? state.entries : [];
}

function isModule(call: PickledCall): boolean {
  const scripted = isPickled(call.callee, 'global') && call.callee.module.startsWith('__torch__');
  return scripted || stateOf(call).some(([key]) => key === '_modules');
}

function modulesOf(call: PickledCall): [string, PickledCall][] {
  const modules = stateOf(call).find(([key]) => key === '_modules')?.[1];
  const entries = isPickled(modules, 'dict', 'call') ? modules.entries : stateOf(call);
  return entries.flatMap(([key, value]): [string, PickledCall][] =>
    isPickled(value, 'call') && isModule(value) ? [[String(key), value]] : [],
  );
}

/** The class: what is called, or, made by `__new__`, the first argument. */
function classOf({ callee }: PickledCall): string {
  return isPickled(callee, 'global') ? callee.name : '';
}

const own = /^(?:_|training$)/;

function attributesOf(call: PickledCall): Record<string, MetadataValue> {
  return Object.fromEntries(
    stateOf(call).flatMap(([key, value]): [string, MetadataValue][] => {
      const name = String(key);
      if (own.test(name)) return [];
      if (typeof value === 'object' && value !== null) {
        const shape = isPickled(value, 'tuple') ? value.items : [];
        const simple = shape.length > 0 && shape.every((item) => typeof item === 'number');
        return simple ? [[name, shape.join(' × ')]] : [];
      }
      return [[name, typeof value === 'bigint' ? String(value) : value]];
    }),
  );
}
