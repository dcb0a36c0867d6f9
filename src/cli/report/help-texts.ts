import { exitCodeTable } from './exit-code-table.ts';

export const whatItIs =
  'Exports the messages of a Rocket.Chat workspace to CSV, Parquet and JSONL: exactly once, resumable, with a manifest that proves it.';

/** The login, which no option takes: a command line can be read by every user of the machine. */
export const loginVariables = `Environment:
  ROCKETCHAT_URL          address of the workspace: https://chat.example.org
  ROCKETCHAT_USER_ID      user id of a personal access token and
  ROCKETCHAT_AUTH_TOKEN   its token (My Account > Personal Access Tokens), or
  ROCKETCHAT_USER         user name or email and
  ROCKETCHAT_PASSWORD     password`;

const firstSteps = `First steps:
  1. rocketchat-export demo           try it on a sample workspace
  2. export ROCKETCHAT_URL=https://…  and the login, below
  3. rocketchat-export rooms          what this login can see
  4. rocketchat-export export --rooms 'ops-*' --output output/ops
  5. rocketchat-export init           asks what goes into a job file; run it, and again for what is new`;

/** Below the list of commands. */
export const topNotes = [
  firstSteps,
  loginVariables,
  exitCodeTable(),
  'Every command has its own help: rocketchat-export run --help',
];

/** Of commands that read several archives as one. */
export const archivesHelp = 'Folders that jobs name as their output; several are read as one: see docs/operations.md';
