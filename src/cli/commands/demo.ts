import { join } from 'node:path';
import { UsageError } from '../../errors.ts';
import { exitCodeTable } from '../report/exit-code-table.ts';
import { runOneJob } from '../run-one-job.ts';
import { defineCommand } from '../command.ts';

export const demo = defineCommand({
  name: 'demo',
  usage: 'demo',
  summary: 'Export a sample workspace, served on this machine: no server needed',
  description: `Serves a sample workspace (some 3,900 messages of a company that does not exist) on 127.0.0.1 by the rules of a Rocket.Chat server, runs jobs/demo.yaml against it and writes every table in every format to output/demo, with a transcript to read and a report to look at. Run it twice: the second run finds nothing new.`,
  positionals: {},
  options: {
    serve: {
      type: 'boolean',
      describe: 'Only serve the workspace, until Ctrl-C, and print the variables with which other commands find it',
    },
    json: { type: 'boolean', describe: 'Print what the run came to as one line of JSON; see "schema run"' },
  },
  examples: [
    ['demo', 'a first look: what comes out'],
    ['demo --verbose', 'the same, page by page'],
    ['demo --serve', 'a server to try rooms, check, export and jobs of your own against, from another terminal'],
  ],
  notes: [exitCodeTable([0, 64, 70, 73, 75, 130, 143])],
  run: async ({ json, serve }, context) => {
    const { processContext, quiet } = context;
    if (serve === true) {
      if (json !== undefined)
        throw new UsageError('demo --serve takes no --json', { hint: 'It runs no job: there is no result to print' });
      const { serveSample } = await import('../serve-sample.ts');
      return serveSample(context);
    }
    const [{ createSampleWorkspace }, { serveWorkspace }, { sampleLogin }, { loadJob }, { jobsFolder }] =
      await Promise.all([
        import('../../demo/sample/sample-workspace.ts'),
        import('../../demo/server/server.ts'),
        import('../../demo/sample/sample-login.ts'),
        import('../../job/load-job.ts'),
        import('../../jobs-folder.ts'),
      ]);
    const server = await serveWorkspace(createSampleWorkspace());
    try {
      const env = {
        ROCKETCHAT_URL: server.url,
        ROCKETCHAT_USER_ID: sampleLogin.userId,
        ROCKETCHAT_AUTH_TOKEN: sampleLogin.authToken,
      };
      const job = await loadJob(join(jobsFolder, 'demo.yaml'), env, processContext.cwd);
      const code = await runOneJob(job, { json: json === true, isIntroduction: true }, context);
      if (json !== true && !quiet) processContext.stdout.write(nextSteps);
      return code;
    } finally {
      await server.close();
    }
  },
});

const nextSteps = `
Open it in a browser:
  output/demo/_view/report.html                      figures and pictures
  output/demo/_view/transcript/START-HERE.html       every message, to read and to search
Query it, with DuckDB for example:
  cd output/demo && duckdb -init _view/schema/views.sql -c \\
    "SELECT max(room_name), count(*) FROM latest_messages GROUP BY room_id ORDER BY 2 DESC LIMIT 3"
Prove that it is whole (npx finds the command in a clone, too):
  npx rocketchat-export verify output/demo
Now your own workspace: this asks for its address and writes a job.
  npx rocketchat-export init
`;
