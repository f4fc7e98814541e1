import libraryClasses from './libraryClasses.json';

/**
 * What a pickle may import, by exact name. Everything that is in no list is unknown, whatever its
 * module is called: modules that look harmless reach everything else.
 */
export type Tier = 'weights' | 'library' | 'program' | 'unknown';

const names = (module: string, list: string): string[] =>
  list.split(' ').map((name) => `${module} ${name}`);

/** Thousands of names, which only a pickle asks for. */
function madeOnce(list: () => readonly string[]): () => ReadonlySet<string> {
  let made: ReadonlySet<string> | null = null;
  return () => {
    made ??= new Set(list());
    return made;
  };
}

const storages =
  'BFloat16Storage BoolStorage ByteStorage CharStorage ComplexDoubleStorage ComplexFloatStorage DoubleStorage FloatStorage HalfStorage IntStorage LongStorage QInt32Storage QInt8Storage QUInt2x4Storage QUInt4x2Storage QUInt8Storage ShortStorage UntypedStorage';
const tensorClasses =
  'BFloat16Tensor BoolTensor ByteTensor CharTensor DoubleTensor FloatTensor HalfTensor IntTensor LongTensor ShortTensor';
const elementTypes =
  'bfloat16 bits16 bits1x8 bits2x4 bits4x2 bits8 bool complex128 complex32 complex64 float16 float32 float4_e2m1fn_x2 float64 float8_e4m3fn float8_e4m3fnuz float8_e5m2 float8_e5m2fnuz float8_e8m0fnu int1 int16 int2 int3 int32 int4 int5 int6 int64 int7 int8 qint32 qint8 quint2x4 quint4x2 quint8 uint1 uint16 uint2 uint3 uint32 uint4 uint5 uint6 uint64 uint7 uint8';

/**
 * What PyTorch's own loader of weights allows, how NumPy rebuilds arrays, and plain values of
 * Python: none of it runs anything of the file's choosing.
 * https://github.com/pytorch/pytorch/blob/main/torch/_weights_only_unpickler.py
 */
const weights = madeOnce(() => [
  ...names('torch', `${storages} ${tensorClasses} ${elementTypes}`),
  ...names('torch', 'Size Tensor device per_channel_affine per_channel_affine_float_qparams'),
  ...names('torch', 'per_channel_symmetric per_tensor_affine per_tensor_symmetric'),
  ...names('torch.cuda', `${storages} ${tensorClasses}`),
  ...names('torch.sparse', tensorClasses),
  ...names('torch.cuda.sparse', tensorClasses),
  ...names('torch.storage', 'TypedStorage UntypedStorage'),
  ...names('torch.nn.parameter', 'Parameter Buffer'),
  ...names('torch.serialization', '_get_layout'),
  ...names('torch._tensor', '_rebuild_from_type_v2'),
  ...names('torch._utils', '_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3'),
  ...names('torch._utils', '_rebuild_parameter _rebuild_parameter_with_state _rebuild_qtensor'),
  ...names('torch._utils', '_rebuild_sparse_tensor _rebuild_meta_tensor_no_storage'),
  ...names('torch._utils', '_rebuild_nested_tensor _rebuild_wrapper_subclass'),
  ...names('torch._utils', '_rebuild_device_tensor_from_numpy'),
  ...names('torch._utils', '_rebuild_device_tensor_from_cpu_tensor'),
  ...names('collections', 'OrderedDict Counter defaultdict deque'),
  ...['builtins', '__builtin__'].flatMap((module) =>
    names(
      module,
      'set frozenset bytearray complex list dict tuple int float bool str bytes slice range',
    ),
  ),
  ...names('_codecs', 'encode'),
  ...['numpy', 'numpy.dtypes'].flatMap((module) => names(module, 'dtype ndarray')),
  ...names('numpy', 'bool_ int8 int16 int32 int64 uint8 uint16 uint32 uint64 intc uintc longlong'),
  ...names('numpy', 'float16 float32 float64 longdouble complex64 complex128 str_ bytes_ bool'),
  ...['numpy.core', 'numpy._core'].flatMap((module) => [
    ...names(`${module}.multiarray`, '_reconstruct scalar'),
    ...names(`${module}.numeric`, '_frombuffer'),
  ]),
  ...names('ml_dtypes', 'bfloat16 float8_e4m3fn float8_e5m2 int4 uint4'),
  ...names('joblib.numpy_pickle', 'NumpyArrayWrapper'),
]);

/** Classes that libraries put into their own models; loading them runs those libraries' code. */
const library = madeOnce(() => [
  ...Object.entries(libraryClasses).flatMap(([module, list]) => names(module, list)),
  ...names('torch.storage', '_load_from_bytes'),
  ...names('torch._C', 'Generator'),
  ...names('numpy.random._pickle', '__randomstate_ctor __generator_ctor __bit_generator_ctor'),
  ...names('numpy.random.mtrand', 'RandomState'),
  ...names('numpy.random._mt19937', 'MT19937'),
  ...names('numpy.random._pcg64', 'PCG64 PCG64DXSM'),
  ...names('numpy.random._philox', 'Philox'),
  ...names('numpy.random._sfc64', 'SFC64'),
  ...names('numpy.random._generator', 'Generator'),
  ...names('numpy.random.bit_generator', 'SeedSequence __pyx_unpickle_SeedSequence'),
  ...names('numpy', 'matrix recarray record'),
  ...names('numpy.ma', 'MaskedArray'),
  ...names('numpy.ma.core', 'MaskedArray _mareconstruct'),
  ...['copyreg', 'copy_reg'].flatMap((module) => names(module, '_reconstructor')),
  ...['builtins', '__builtin__'].flatMap((module) => names(module, 'object')),
  ...names('datetime', 'datetime date time timedelta timezone'),
  ...names('decimal', 'Decimal'),
  ...names('fractions', 'Fraction'),
  ...names('uuid', 'UUID'),
  ...names('pathlib', 'Path PosixPath WindowsPath PurePath PurePosixPath PureWindowsPath'),
  ...names('argparse', 'Namespace'),
  ...names('types', 'SimpleNamespace'),
  ...names('scipy._lib._bunch', '_Bunch'),
  ...names('pandas.core.frame', 'DataFrame'),
  ...names('pandas.core.series', 'Series'),
  ...names('pandas.core.indexes.base', 'Index _new_Index'),
  ...names('pandas.core.indexes.range', 'RangeIndex'),
  ...names('pandas.core.internals.managers', 'BlockManager SingleBlockManager'),
  ...names('transformers.training_args', 'TrainingArguments OptimizerNames ParallelMode'),
  ...names('transformers.training_args_seq2seq', 'Seq2SeqTrainingArguments'),
  ...names('transformers.trainer_utils', 'IntervalStrategy SchedulerType HubStrategy SaveStrategy'),
  ...names('transformers.trainer_pt_utils', 'AcceleratorConfig'),
  ...names('accelerate.state', 'PartialState AcceleratorState'),
  ...names('accelerate.utils.dataclasses', 'DistributedType DeepSpeedPlugin'),
  ...names('lightning_fabric.utilities.data', 'AttributeDict'),
  ...names('lightning.fabric.utilities.data', 'AttributeDict'),
  ...names('pytorch_lightning.utilities.parsing', 'AttributeDict'),
]);

/** A class of the program that wrote the file: whoever loads it must have that class. */
const ownClass = /^__main__ [A-Z][A-Za-z0-9]*$/;

/** Transformers has some hundred configurations, each in a module of its own. */
const configuration = /^transformers\.models\.\w+\.configuration_\w+ [A-Z]\w*Config$/;

/** Before 0.22 the modules of scikit-learn had no underscore in front. */
function newer(module: string, name: string): string {
  const dot = module.lastIndexOf('.');
  return module.startsWith('sklearn.')
    ? `${module.slice(0, dot)}._${module.slice(dot + 1)} ${name}`
    : '';
}

export function tierOf(module: string, name: string): Tier {
  const key = `${module} ${name}`;
  if (weights().has(key)) return 'weights';
  if (library().has(key) || library().has(newer(module, name))) return 'library';
  if (configuration.test(key)) return 'library';
  return ownClass.test(key) ? 'program' : 'unknown';
}

/** Known ways to run commands, or to read and write files: named as what they are. */
const notorious =
  /^(?:os|posix|nt|subprocess|pty|sys|socket|shutil|commands|popen2|platform|webbrowser|ctypes|_ctypes|importlib|runpy|code|codeop|pdb|bdb|timeit|cProfile|profile|trace|asyncio|multiprocessing|threading|_thread|signal|builtins|__builtin__|_operator|operator|functools|pickle|_pickle|marshal|types|tempfile|io|_io|urllib|http|requests|smtplib|ftplib|pip|pydoc|pkgutil|nturl2path|logging|linecache|distutils|setuptools|numpy\.f2py|numpy\.testing|torch\.hub|torch\.utils|torch\._inductor|torch\.jit|torch\.distributed|inspect|ast|imp|zipimport|site|doctest|idlelib|lib2to3|venv|ensurepip|cgitb|rlcompleter|test|unittest|uuid|ssl|tarfile|zipfile|sqlite3|dbm|shelve|xml|getpass|glob|pathlib|fileinput|gc|weakref|atexit|sched|concurrent|aifc|mailcap|antigravity|this|turtle|tkinter)(?:\.|$)/;

export function isNotorious(module: string): boolean {
  return notorious.test(module);
}
