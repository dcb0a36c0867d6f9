// Serves a bench workspace on loopback, prints its address, and ends with its parent.
import { createBenchWorkspace } from '../../../build/demo/bench/bench-workspace.js';
import { serveWorkspace } from '../../../build/demo/server/server.js';

const [messages, latencyMs, rooms, cap] = process.argv.slice(2).map(Number);
const { url } = await serveWorkspace(createBenchWorkspace(messages, rooms), { latencyMs, cap });
console.log(url);
process.stdin.on('end', () => process.exit()).resume();
