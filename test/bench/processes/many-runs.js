// Runs a job so often, one run after the other, in this process.
import { loadJob, runJob } from '../../../dist/index.js';

const [jobFile, times] = process.argv.slice(2);
const job = await loadJob(jobFile, process.env, process.cwd());
for (let run = 0; run < Number(times); run++) await runJob(job);
