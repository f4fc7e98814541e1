/**
 * The engine: every verb of Cairn on a thread of its own, so that neither hashing nor a long query
 * ever holds up the extension host. It promises one reply to each request, throttled progress, and
 * that a failure arrives as its code and data. It must not know who asks, nor VS Code.
 */
import { parentPort } from 'node:worker_threads';
import { nodePlatform } from '../platform';
import { EngineServer } from './server';

if (parentPort === null) throw new Error('the engine runs on a thread that the extension starts');
const port = parentPort;
const server = new EngineServer(nodePlatform(), (reply) => port.postMessage(reply));
port.on('message', (request) => server.receive(request));
