import type { ArchitectureNode } from '../core/architecture';
import { at, isObject, listAt, parsedJson } from './jsonTree';
import { type MetadataValue, metadataText } from './modelHeader';

/** Deeper than models are nested in models. */
const deepest = 50;
const mostLayers = 100_000;

/**
 * The layers of a Keras configuration (`config.json`, or `model_config` of HDF5): objects of a
 * `class_name` and a `config`, whose `layers` are objects of the same kind. `null` for other texts.
 * https://keras.io/api/models/model_saving_apis/
 */
export function kerasArchitecture(json: string): ArchitectureNode | null {
  const tree = json === '' ? null : parsedJson(json);
  const state = { layers: 0 };
  return isLayer(tree) ? nodeOf(tree, 0, state) : null;
}

function isLayer(value: unknown): value is Record<string, unknown> {
  return isObject(value) && typeof value['class_name'] === 'string';
}

function nodeOf(
  layer: Record<string, unknown>,
  depth: number,
  state: { layers: number },
): ArchitectureNode {
  state.layers++;
  const config = layer['config'];
  const inner = Array.isArray(config) ? config : listAt(config, 'layers');
  const wrapped = ['layer', 'forward_layer', 'backward_layer', 'cell'].map((key) =>
    at(config, key),
  );
  const children = [...inner, ...wrapped].filter(isLayer);
  const further = depth < deepest && state.layers < mostLayers;
  return {
    name: String(at(config, 'name') ?? layer['name'] ?? ''),
    kind: String(layer['class_name']),
    attributes: attributesOf(config),
    children: further ? children.map((child) => nodeOf(child, depth + 1, state)) : [],
  };
}

const notTold = new Set(['name', 'layers', 'trainable', 'layer', 'build_input_shape']);

/** Plain values as they are; lists and objects in short. */
function attributesOf(config: unknown): Record<string, MetadataValue> {
  if (!isObject(config)) return {};
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]): [string, MetadataValue][] => {
      if (notTold.has(key) || value === null) return [];
      if (typeof value !== 'object') return [[key, value as MetadataValue]];
      if (isObject(value))
        return [[key, String(value['class_name'] ?? at(value, 'config', 'name') ?? '…')]];
      return [[key, metadataText(JSON.stringify(value))]];
    }),
  );
}
