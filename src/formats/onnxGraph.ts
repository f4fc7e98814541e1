import type { ArchitectureNode } from '../core/architecture';
import { Cursor } from './cursor';
import type { ModelFile, Told } from './modelContents';
import { type MetadataValue, metadataText } from './modelHeader';
import { type OnnxTensor, readOnnxTensor } from './onnxTensor';
import { nextField, skipPayload, type WireField } from './protobuf';

/** More than the largest exported models have; what is beyond is counted, not kept. */
const mostNodes = 200_000;
const mostTensors = 500_000;
/** Graphs within attributes of nodes (If, Loop, Scan). */
const deepestGraph = 16;
const longestText = 4096;

/** An operator of a graph. */
export interface OnnxNode {
  readonly name: string;
  readonly operator: string;
  /** Empty for ONNX's own operators. */
  readonly domain: string;
  readonly attributes: Readonly<Record<string, MetadataValue>>;
}

/** What the walk over an ONNX model finds, in its order. */
export interface OnnxModel {
  /** The initializers of the main graph. */
  readonly initializers: readonly OnnxTensor[];
  /** Every tensor that refers to another file, wherever it stands. */
  readonly external: readonly OnnxTensor[];
  readonly nodes: readonly OnnxNode[];
  /** Of operators that the model does not define itself, and those that it states to use. */
  readonly domains: readonly string[];
  /** Graphs are nested deeper than they were followed, or call more than is kept. */
  readonly unfollowed: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Walks over the wire format and passes over payloads, so that the inventory of gigabytes costs
 * some MB. https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 * @throws EndOfFile
 */
export async function walkOnnx({ reader }: Pick<ModelFile, 'reader'>): Promise<OnnxModel> {
  const walk = new OnnxWalk(new Cursor(reader));
  await walk.message(reader.size, {
    7: (end) => walk.graph(end, 0, true),
    8: (end) => walk.opset(end),
    14: (end) => walk.property(end),
    20: (end) => walk.training(end),
    25: (end) => walk.function(end),
  });
  const metadata = Object.fromEntries(walk.properties);
  return { ...walk.found, domains: walk.foreignDomains(), metadata };
}

export async function readOnnxGraph({ reader, header }: ModelFile): Promise<Told> {
  const { initializers, nodes, metadata } = await walkOnnx({ reader });
  return {
    tensors: initializers.map(({ external: _, location: __, locations: ___, ...tensor }) => tensor),
    metadata: { ...header.metadata, ...metadata },
    architecture: architectureOf(nodes),
  };
}

function architectureOf(nodes: readonly OnnxNode[]): ArchitectureNode {
  return {
    ...{ name: '', kind: 'graph', attributes: { operators: nodes.length } },
    children: nodes.map(({ name, operator, domain, attributes }) => ({
      name,
      kind: domain === '' || domain === 'ai.onnx' ? operator : `${domain}.${operator}`,
      attributes,
      children: [],
    })),
  };
}

type Texts = Readonly<Record<number, string>>;
type OtherField = (field: WireField) => Promise<void>;
type Handlers = Readonly<Record<number, (end: number, field: WireField) => Promise<void> | void>>;

class OnnxWalk {
  readonly found = {
    initializers: [] as OnnxTensor[],
    external: [] as OnnxTensor[],
    nodes: [] as OnnxNode[],
    unfollowed: false,
  };
  /** `domain operator` of what nodes call, and of the functions that the model has. */
  readonly #called = new Set<string>();
  readonly #functions = new Set<string>();
  readonly #stated = new Set<string>();
  readonly properties: [string, string][] = [];

  constructor(private readonly cursor: Cursor) {}

  /** The fields up to `end`; a handler leaves the cursor anywhere within its own. */
  async message(end: number, handlers: Handlers, other?: OtherField): Promise<void> {
    while (this.cursor.position < end) {
      const field = await nextField(this.cursor);
      if (field === null) return;
      const start = this.cursor.position;
      const handler = handlers[field.number];
      if (field.wire === 2 && handler !== undefined) {
        const stop = start + Number(field.value);
        await handler(Math.min(stop, end), field);
      } else await other?.(field);
      this.cursor.position = start;
      skipPayload(this.cursor, field);
    }
  }

  async graph(end: number, depth: number, main: boolean): Promise<void> {
    await this.message(end, {
      1: (stop) => this.node(stop, depth, main),
      5: (stop) => this.tensor(stop, main),
      15: (stop) => this.sparse(stop),
    });
  }

  /** Values and indices. */
  async sparse(end: number): Promise<void> {
    const tensor = (stop: number) => this.tensor(stop, false);
    await this.message(end, { 1: tensor, 2: tensor });
  }

  async function(end: number): Promise<void> {
    const texts: Record<number, string> = {};
    const keep = (number: number) => async (stop: number) => {
      texts[number] = await this.text(stop);
    };
    await this.message(end, {
      1: keep(1),
      7: (stop) => this.node(stop, 1, false),
      9: (stop) => this.opset(stop),
      10: keep(10),
    });
    this.#functions.add(`${texts[10] ?? ''} ${texts[1] ?? ''}`);
  }

  foreignDomains(): string[] {
    const domain = (name: string) => name.slice(0, name.indexOf(' '));
    const own = new Set([...this.#functions].map(domain));
    const called = [...this.#called].filter((name) => !this.#functions.has(name)).map(domain);
    return [...new Set([...called, ...[...this.#stated].filter((name) => !own.has(name))])];
  }

  /** The graphs that initialize and train. */
  async training(end: number): Promise<void> {
    const graph = (stop: number) => this.graph(stop, 1, false);
    await this.message(end, { 1: graph, 2: graph });
  }

  async opset(end: number): Promise<void> {
    await this.message(end, {
      1: async (stop) => void this.#stated.add(await this.text(stop)),
    });
  }

  async property(end: number): Promise<void> {
    const texts = await this.texts(end, {});
    if (this.properties.length < 10_000) this.properties.push([texts[1] ?? '', texts[2] ?? '']);
  }

  async tensor(end: number, main: boolean): Promise<void> {
    const tensor = await readOnnxTensor(this.cursor, end);
    if (tensor.external && this.found.external.length < mostTensors)
      this.found.external.push(tensor);
    if (main && this.found.initializers.length < mostTensors) this.found.initializers.push(tensor);
  }

  async node(end: number, depth: number, main: boolean): Promise<void> {
    const attributes: Record<string, MetadataValue> = {};
    const texts = await this.texts(end, {
      5: (stop) => this.attribute(stop, depth, attributes),
    });
    const [name = '', operator = '', domain = ''] = [texts[3], texts[4], texts[7]];
    if (this.#called.size >= mostNodes) this.found.unfollowed = true;
    else if (domain !== '') this.#called.add(`${domain} ${operator}`);
    if (main && this.found.nodes.length < mostNodes) {
      this.found.nodes.push({ name, operator, domain, attributes });
    }
  }

  /** The name comes first; what has no short form (tensors, graphs) is walked, not kept. */
  async attribute(
    end: number,
    depth: number,
    attributes: Record<string, MetadataValue>,
  ): Promise<void> {
    const value = { single: null as MetadataValue, numbers: [] as string[] };
    const nested: Handlers = {
      5: (stop) => this.tensor(stop, false),
      10: (stop) => this.tensor(stop, false),
      6: (stop) => this.nestedGraph(stop, depth),
      11: (stop) => this.nestedGraph(stop, depth),
      22: (stop) => this.sparse(stop),
      23: (stop) => this.sparse(stop),
    };
    const texts = await this.texts(end, nested, async ({ number, wire, value: bits }) => {
      const integer = BigInt.asIntN(64, bits);
      if (number === 3 && wire === 0) value.single = Number(integer);
      if (number === 8 && wire === 0) value.numbers.push(String(integer));
      if (number !== 2 || wire !== 5) return;
      value.single = await this.cursor.number(4, (view) => view.getFloat32(0, true));
    });
    const single = texts[4] ?? value.single;
    const numbers = metadataText(value.numbers.slice(0, 64).join(', '));
    if (numbers !== '' || single !== null) attributes[texts[1] ?? ''] = numbers || single;
  }

  private async nestedGraph(end: number, depth: number): Promise<void> {
    if (depth < deepestGraph) await this.graph(end, depth + 1, false);
    else this.found.unfollowed = true;
  }

  /** The message's texts by their field, but for the fields that have a handler. */
  private async texts(end: number, handlers: Handlers, other?: OtherField): Promise<Texts> {
    const texts: Record<number, string> = {};
    const keep = (number: number) => async (stop: number) => {
      texts[number] = await this.text(stop);
    };
    const all = Object.fromEntries([1, 2, 3, 4, 7].map((number) => [number, keep(number)]));
    await this.message(end, { ...all, ...handlers }, other);
    return texts;
  }

  async text(end: number): Promise<string> {
    return metadataText(await this.cursor.text(end - this.cursor.position, longestText));
  }
}
