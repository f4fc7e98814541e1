import { compare } from './compare';
import { drop } from './drop';
import { codeOf, modelFiles, readFile } from './files';
import { gc } from './gc';
import { importHistory } from './importHistory';
import { takeIn } from './inbox';
import { lineHistory } from './lineHistory';
import { log } from './log';
import { operations } from './operationLog';
import { overview } from './overview';
import { parameterHistory } from './parameterHistory';
import { parameterDetail } from './parameterHistoryDetail';
import { ParameterHistoryIndex } from './parameterHistoryIndex';
import { planCommit, planUpdate } from './planning';
import type { Project } from './project';
import { rebuild } from './rebuild';
import { rollback } from './rollback';
import type { Rooms } from './rooms';
import { deleteRun, run, runCurves, runs, stopRun } from './runList';
import { commitOrRun, commitRun } from './runVersion';
import { curves, revisions, show } from './show';
import { status } from './status';
import { storage } from './storage';
import { undo } from './undo';
import { update } from './update';
import { verify } from './verify';

/** Binds every verb to one opened project. */
export function projectVerbs(rooms: Rooms): Project {
  const values = new ParameterHistoryIndex(rooms);
  return {
    root: rooms.repository.root,
    home: rooms.home,
    status: (request, activity) => status(rooms, request, activity),
    commit: (request, activity) => commitOrRun(rooms, request, activity),
    planCommit: (request, activity) => planCommit(rooms, request, activity),
    update: (request, activity) => update(rooms, request, activity),
    planUpdate: (request, activity) => planUpdate(rooms, request, activity),
    log: (request) => log(rooms, request),
    show: (request) => show(rooms, request),
    revisions: (request) => revisions(rooms, request),
    compare: (request, activity) => compare(rooms, request, activity),
    rollback: (request, activity) => rollback(rooms, request, activity),
    undo: (request, activity) => undo(rooms, request, activity),
    drop: (request, activity) => drop(rooms, request, activity),
    operations: (request) => operations(rooms, request),
    verify: (request, activity) => verify(rooms, request, activity),
    gc: (request, activity) => gc(rooms, request, activity),
    storage: (request) => storage(rooms, request),
    rebuild: (activity) => rebuild(rooms, activity),
    overview: () => overview(rooms),
    curves: (request) => curves(rooms, request),
    codeOf: (request) => codeOf(rooms, request),
    readFile: (request) => readFile(rooms, request),
    parameterHistory: (request) => parameterHistory(rooms, values, request),
    parameterDetail: (request) => parameterDetail(rooms, values, request),
    lineHistory: (request) => lineHistory(rooms, values, request),
    modelFiles: () => modelFiles(rooms),
    takeIn: (request, activity) => takeIn(rooms, request, activity),
    runs: (request) => runs(rooms, request),
    run: (request) => run(rooms, request),
    runCurves: (request) => runCurves(rooms, request),
    commitRun: (request, activity) => commitRun(rooms, request, activity),
    deleteRun: (request) => deleteRun(rooms, request),
    stopRun: (request) => stopRun(rooms, request),
    importHistory: (request, activity) => importHistory(rooms, request, activity),
    stamp: async () => String(rooms.history.dataVersion()),
    close: async () => rooms.history.close(),
  };
}
