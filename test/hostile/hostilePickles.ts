import { bytes, call, frame, global, proto, raw, short, stacked, unicode } from './pickleWriter';

/** A file that a scan must not call clean. */
export interface Hostile {
  readonly name: string;
  readonly bytes: Buffer;
  /** `dangerous`: it runs code or reaches files; `unclean`: nothing can be said of it. */
  readonly least: 'dangerous' | 'unclean';
}

export const dangerous = (name: string, content: string | Buffer): Hostile => ({
  name,
  bytes: typeof content === 'string' ? raw(content) : content,
  least: 'dangerous',
});

export const unclean = (name: string, content: string | Buffer): Hostile => ({
  ...dangerous(name, content),
  least: 'unclean',
});

/** Callables through which everything is reached, in modules that look harmless or do not. */
const callables: readonly (readonly [string, string])[] =
  `os system|posix system|nt system|os popen|os execv|subprocess Popen|subprocess check_output
pty spawn|builtins exec|builtins eval|__builtin__ eval|builtins getattr|builtins __import__|builtins open
builtins compile|runpy _run_code|runpy run_path|pkgutil resolve_name|pydoc locate|pydoc pipepager
importlib import_module|importlib.util spec_from_file_location|_operator attrgetter|operator methodcaller
functools partial|functools reduce|profile run|profile Profile.run|cProfile run|pdb run|bdb Bdb.run
timeit timeit|code InteractiveInterpreter|codeop compile_command|logging FileHandler|logging.config dictConfig
io FileIO|_io FileIO|io open|ctypes CDLL|_ctypes dlopen|numpy.f2py.crackfortran getlincoef
numpy.f2py.crackfortran param_eval|numpy.testing._private.utils runstring|numpy.distutils.exec_command _exec_command
torch.hub load|torch.utils.cpp_extension load|torch.utils.collect_env run|torch.utils._config_module ConfigModule.load_config
torch._inductor.codecache compile_file|torch.jit.unsupported_tensor_ops execWrapper|torch.utils.bottleneck.__main__ run_cprofile
torch load|torch.serialization load|torch.utils.data.datapipes.utils.decoder basichandlers|torch.nn.modules.module sys
torch._dynamo.guards GuardBuilder.get|torch.distributed.launch main|torch.fx.experimental.symbolic_shapes ShapeEnv.evaluate_guards_expression
shutil rmtree|shutil copyfile|socket create_connection|webbrowser open|asyncio.unix_events _UnixSubprocessTransport._start
lib2to3.pgen2.grammar Grammar.loads|idlelib.pyshell ModifiedInterpreter.runcode|idlelib.autocomplete AutoComplete.get_entity
distutils.file_util write_file|pip main|site execsitecustomize|types CodeType|types FunctionType|marshal loads
pickle loads|_pickle loads|dill loads|cloudpickle loads|cloudpickle.cloudpickle _make_function|joblib load|numpy load
numpy.lib.npyio load|uuid _get_command_stdout|multiprocessing.util spawnv_passfds|trace Trace.run|doctest debug_script
ensurepip _run_pip|venv create|zipimport zipimporter|imaplib IMAP4_stream|smtplib SMTP|http.client HTTPSConnection
requests.api get|urllib.request urlopen|tempfile NamedTemporaryFile|linecache getline|sklearn.externals.joblib load
sklearn.datasets fetch_openml|keras.models load_model|keras.src.utils.file_utils get_file|tensorflow.io write_file
xgboost.collective init|__main__ os.system|__main__ system|mymodule anything|collections OrderedDict.__reduce_ex__
torch FloatStorage.from_file|torch._utils _import_dotted_name|torch.storage UntypedStorage.from_file|numpy ndarray.tofile
numpy.core.multiarray fromfile|builtins bytearray.__class__|types SimpleNamespace.__init__|pathlib Path.write_text`
    .split(/[|\n]/)
    .map((pair) => pair.trim().split(' ') as [string, string]);

const byName = callables.map(([module, name], index) =>
  dangerous(
    `call-${module}.${name}.pkl`.replace(/[^\w.-]/g, '_'),
    call(module, name, ([0, 2, 4] as const)[index % 3]),
  ),
);

const system = global('os', 'system');
const run = `${system}${unicode('id')}\x85R`;
const tuple = `${unicode('id')}\x85`;

/** One payload, by every way in which a pickle can name and call it. */
const ways: readonly Hostile[] = [
  dangerous(
    'stack-global-memo.pkl',
    `${proto(4)}${short('os')}\x94${short('system')}\x94h\0h\x01\x93${tuple}R.`,
  ),
  dangerous(
    'stack-global-long-memo.pkl',
    `${proto(4)}${short('os')}r\x09\0\0\0${short('system')}r\x0a\0\0\x000j\x09\0\0\0j\x0a\0\0\0\x93${tuple}R.`,
  ),
  dangerous(
    'stack-global-text-memo.pkl',
    `${proto(2)}${unicode('os')}p77\n0${unicode('system')}p78\n0g77\ng78\n\x93${tuple}R.`,
  ),
  dangerous('stack-global-string.pkl', `S'os'\nS'system'\n\x93${tuple}R.`),
  dangerous('stack-global-octal.pkl', `S'\\157\\163'\nS'sys\\x74em'\n\x93${tuple}R.`),
  dangerous('stack-global-raw-unicode.pkl', `V\\u006f\\u0073\nV\\u0073ystem\n\x93${tuple}R.`),
  dangerous('stack-global-binstring.pkl', `T\x02\0\0\0osU\x06system\x93${tuple}R.`),
  dangerous(
    'stack-global-binunicode8.pkl',
    `\x8d\x02\0\0\0\0\0\0\0os\x8d\x06\0\0\0\0\0\0\0system\x93${tuple}R.`,
  ),
  dangerous('stack-global-dup.pkl', `${proto(4)}${short('code')}2\x93${tuple}R.`),
  dangerous(
    'stack-global-pop.pkl',
    `${proto(4)}${short('os')}${short('path')}0${short('system')}\x93${tuple}R.`,
  ),
  dangerous(
    'stack-global-from-tuple.pkl',
    `${proto(4)}(${short('os')}${short('system')}t\x93${tuple}R.`,
  ),
  dangerous(
    'stack-global-from-call.pkl',
    `${proto(4)}${global('builtins', 'str')}${short('os')}\x85R${short('system')}\x93${tuple}R.`,
  ),
  dangerous('stack-global-from-nowhere.pkl', `${proto(4)}\x93${tuple}R.`),
  dangerous(
    'stack-global-dotted.pkl',
    `${proto(4)}${stacked('collections', 'abc.sys.modules')}${tuple}R.`,
  ),
  dangerous('stack-global-bytes.pkl', `${proto(4)}C\x02osC\x06system\x93${tuple}R.`),
  dangerous('inst.pkl', `(S'id'\nios\nsystem\n.`),
  dangerous('obj.pkl', `(${system}S'id'\no.`),
  dangerous('newobj.pkl', `${proto(2)}${system}${tuple}\x81.`),
  dangerous('newobj-ex.pkl', `${proto(4)}${system}${tuple}}\x92.`),
  dangerous('ext1.pkl', `${proto(2)}\x82\x01${tuple}R.`),
  dangerous('ext2.pkl', `${proto(2)}\x83\x01\x02${tuple}R.`),
  dangerous('ext4.pkl', `${proto(2)}\x84\x01\x02\x03\x04${tuple}R.`),
  dangerous('memoized-callable.pkl', `${proto(2)}${system}q\x050h\x05${tuple}R.`),
  dangerous('only-imported.pkl', `${proto(2)}${global('antigravity', 'geohash')}.`),
  dangerous('imported-and-dropped.pkl', `${proto(2)}${system}0N.`),
  dangerous('called-and-dropped.pkl', `${proto(2)}${run}0}.`),
  dangerous(
    'call-of-call.pkl',
    `${proto(2)}${global('collections', 'defaultdict')}${tuple}R${tuple}R.`,
  ),
  dangerous('call-of-text.pkl', `${proto(2)}${unicode('x')}${tuple}R.`),
  dangerous('call-of-persistent.pkl', `${proto(2)}${unicode('x')}Q${tuple}R.`),
  dangerous('call-of-memo-hole.pkl', `${proto(2)}h\x63${tuple}R.`),
  dangerous(
    'build-on-global.pkl',
    `${proto(2)}${global('collections', 'OrderedDict')}}${unicode('__reduce__')}Nsb.`,
  ),
  dangerous(
    'build-setstate.pkl',
    `${proto(2)}${global('collections', 'OrderedDict')})R}${unicode('__setstate__')}${system}sb.`,
  ),
  dangerous(
    'build-globals.pkl',
    `${proto(2)}${global('collections', 'OrderedDict')})R}${unicode('__globals__')}}sb.`,
  ),
  dangerous(
    'build-class.pkl',
    `${proto(2)}${global('torch._utils', '_rebuild_parameter')})R}${unicode('__class__')}Nsb.`,
  ),
  dangerous(
    'build-slots.pkl',
    `${proto(2)}${global('collections', 'OrderedDict')})RN}${unicode('__getattr__')}Ns\x86b.`,
  ),
  dangerous(
    'setitem-on-global.pkl',
    `${proto(2)}${global('collections', 'OrderedDict')}${unicode('a')}Ns.`,
  ),
  dangerous('append-on-global.pkl', `${proto(2)}${global('builtins', 'list')}Na.`),
  dangerous('setitem-with-call.pkl', `${proto(2)}}${unicode('a')}${run}s.`),
  dangerous('in-persistent-id.pkl', `${proto(2)}(${unicode('storage')}${run}${unicode('0')}tQ.`),
  dangerous('as-dictionary-key.pkl', `${proto(2)}}${run}Ns.`),
  dangerous('truncated-behind.pkl', `${proto(2)}${run}X\xff\xff\0\0abc`),
  dangerous('no-stop.pkl', `${proto(2)}${run}`),
  dangerous('no-opcode-behind.pkl', `${proto(2)}${run}\xff\xff.`),
  dangerous('second-pickle.pkl', `${proto(2)}}.${proto(2)}${run}.`),
  dangerous('second-pickle-textual.pkl', `${proto(2)}}.${call('os', 'system', 0)}`),
  dangerous('third-pickle.pkl', `${proto(2)}}.${proto(4)}].${proto(2)}${run}.`),
  dangerous('nested-in-bytes.pkl', `${proto(4)}${bytes(call('os', 'system'))}.`),
  dangerous('nested-in-bytes-textual.pkl', `${proto(4)}${bytes(call('os', 'system', 0))}.`),
  dangerous(
    'nested-in-text.pkl',
    `${proto(2)}${global('_codecs', 'encode')}X\x23\0\0\0${'\xc2\x80\x02cos\nsystem\nX\x02\0\0\0id\xc2\x85R.'.padEnd(35, ' ')}${unicode('latin1')}\x86R.`,
  ),
  dangerous(
    'nested-twice.pkl',
    `${proto(4)}${bytes(`${proto(4)}${bytes(call('os', 'system', 4))}.`)}.`,
  ),
  dangerous(
    'load-from-bytes.pkl',
    `${proto(4)}${global('torch.storage', '_load_from_bytes')}${bytes(call('os', 'system'))}\x85R.`,
  ),
  dangerous('frame-straddles.pkl', `${proto(4)}${frame(3)}${stacked('os', 'system')}${tuple}R.`),
  dangerous(
    'frame-too-long.pkl',
    `${proto(4)}${frame(4_000_000)}${stacked('os', 'system')}${tuple}R.`,
  ),
  dangerous('proto-in-the-middle.pkl', `${proto(2)}}0${proto(0)}${run}${proto(5)}.`),
  dangerous('proto-unknown.pkl', `\x80\x01${run}.`),
  dangerous('without-proto.pkl', `${run}.`),
  dangerous('begins-with-mark.pkl', `(${run}l.`),
  dangerous('begins-with-list.pkl', `]${run}a.`),
  dangerous('begins-with-none.pkl', `N0${run}.`),
  dangerous('begins-with-number.pkl', `I0\n0${run}.`),
  dangerous('memo-missing-before.pkl', `${proto(2)}h\x42${'0'}${run}.`),
  dangerous('empty-stack-before.pkl', `${proto(2)}00${run}.`),
  dangerous('mark-missing-before.pkl', `${proto(2)}t0${run}.`),
  dangerous('get-of-no-number.pkl', `${proto(2)}gabc\n0${run}.`),
  dangerous('number-that-is-none.pkl', `${proto(2)}Iabc\n0${run}.`),
  dangerous('string-without-quotes.pkl', `${proto(2)}Sabc\n0${run}.`),
  dangerous('type-confusion.pkl', `${proto(2)}K\x01K\x02s${run}.`),
  dangerous('long-before.pkl', `${proto(2)}\x8b\x00\x01\0\0${'\x01'.repeat(256)}0${run}.`),
  dangerous('padding-before.pkl', `${proto(2)}${'N0'.repeat(60_000)}${run}.`),
  dangerous('text-before.pkl', `${proto(2)}X\0\0\x02\0${'a'.repeat(131_072)}0${run}.`),
  dangerous('bytes-before.pkl', `${proto(4)}B\0\0\x02\0${'\xff'.repeat(131_072)}0${run}.`),
  dangerous('at-the-end-of-a-block.pkl', `${proto(2)}${'N0'.repeat(32_764)}${run}.`),
  dangerous('buffers-before.pkl', `${proto(5)}\x97\x980${run}.`),
  dangerous(
    'magic-by-call.pt',
    `${proto(2)}${run}.${proto(2)}M\xe9\x03.${proto(2)}}.${proto(2)}}.${proto(2)}].`,
  ),
  dangerous(
    'from-type.pkl',
    `${proto(2)}${global('torch._tensor', '_rebuild_from_type_v2')}(${system}Nt)R.`,
  ),
  dangerous('name-with-spaces.pkl', `${proto(2)}cos \nsystem\n${tuple}R.`),
  dangerous('module-allowed-name-not.pkl', call('torch._utils', '_rebuild_everything')),
  dangerous('name-of-other-case.pkl', call('collections', 'ordereddict')),
  dangerous('unknown-library.pkl', call('sklearn.pipeline', 'exec_step')),
  unclean(
    'pickle-bomb-of-memo.pkl',
    `${proto(4)}(${'\x8c\x01a\x94'.repeat(100)}X\xff\xff\xff\x7fa`,
  ),
  dangerous(
    'load-from-built-bytes.pkl',
    `${proto(4)}${global('torch.storage', '_load_from_bytes')}${global('builtins', 'bytes')}](K\x80K\x02e\x85R\x85R.`,
  ),
  unclean('empty-with-ending.pkl', '\xff\xfe\xfd\xfc'),
];

export const hostilePickles: readonly Hostile[] = [...byName, ...ways];
