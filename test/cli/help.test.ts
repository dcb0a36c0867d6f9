import { describe, expect, it } from '@jest/globals';
import { wholeUsage } from '../../src/cli/arguments/whole-usage.ts';
import { commands } from '../../src/cli/commands.ts';
import { currentTableNames } from '../../src/snapshot/current-table.ts';
import { exitCodes } from '../../src/errors.ts';
import { tool } from '../../src/version.ts';
import { runHere } from '../support/program/fake-process.ts';
import { quickOrLong } from '../support/quick-or-long.ts';

const names = commands.map(({ name }) => name);
const laidOut = new Map<string, ReturnType<typeof runHere>>();

/** The help of a command, or of all: laid out once, however many tests read it. */
function helpOf(...argv: readonly string[]): ReturnType<typeof runHere> {
  const key = argv.join(' ');
  const help = laidOut.get(key) ?? runHere([...argv, '--help']);
  laidOut.set(key, help);
  return help;
}

describe('help', () => {
  it('says what the program is, lists the commands, the variables and every exit code', async () => {
    const { code, stdout, stderr } = await helpOf();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const { usage, summary } of commands) {
      expect(stdout).toContain(`${tool.name} ${usage}`);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    }
    for (const exitCode of Object.values(exitCodes)) expect(stdout).toMatch(new RegExp(`^ +${exitCode}  \\w`, 'm'));
    for (const variable of ['URL', 'USER_ID', 'AUTH_TOKEN', 'USER', 'PASSWORD']) {
      expect(stdout).toContain(`ROCKETCHAT_${variable} `);
    }
  });

  it.each(names)('of %s explains every option and shows how to use it', async (name) => {
    const { code, stdout } = await helpOf(name);
    expect(code).toBe(0);
    const command = commands.find((one) => one.name === name);
    expect(stdout.split('\n')[0]).toBe(`${tool.name} ${command === undefined ? '' : wholeUsage(command)}`);
    for (const [option, { describe: meaning = '' }] of Object.entries(command?.options ?? {})) {
      expect(meaning.length).toBeGreaterThan(15);
      expect(stdout).toMatch(new RegExp(`^ +--${option} +\\w`, 'm'));
    }
    expect(command?.examples.length).toBeGreaterThanOrEqual(2);
    for (const [example] of command?.examples ?? []) expect(stdout).toContain(`  ${tool.name} ${example}\n`);
  });

  it.each(names)('of %s says that a wrong command line ends with 64', async (name) => {
    expect((await helpOf(name)).stdout).toMatch(/^ +64 {2}the command line is wrong$/m);
  });

  it.each(['export', 'schema', 'latest'])('of %s names every table', async (name) => {
    const { stdout } = await helpOf(name);
    for (const table of currentTableNames) expect(stdout).toMatch(new RegExp(`\\b${table}\\b`));
  });

  it('mentions no command that is not there', async () => {
    const texts = await Promise.all([helpOf(), ...names.map((name) => helpOf(name))]);
    for (const { stdout } of texts) {
      const mentioned = [...stdout.matchAll(/^ +rocketchat-export ([a-z]+)/gm)].map(([, command]) => command);
      for (const command of mentioned) expect(names).toContain(command);
    }
  });

  it.each(quickOrLong([60], [60, 80, 140]))(
    'fits a terminal of %i columns, but for commands, which are there to be copied',
    async (columns) => {
      // All are laid out by the same lines.
      const some = names.filter((_, at) => at % quickOrLong(4, 1) === 0);
      for (const argv of [['--help'], ...some.map((name) => [name, '--help'])]) {
        const { stdout } = await runHere(argv, { columns });
        const lines = stdout.split('\n').filter((line) => !line.startsWith(`  ${tool.name} `));
        expect(lines.filter((line) => line.length > Math.min(columns, 110))).toEqual([]);
        expect(stdout).not.toMatch(/\[notes\]|\[default: \[\]\]/);
        const command = commands.find(({ name }) => name === argv[0]);
        for (const [example] of command?.examples ?? []) expect(stdout).toContain(`  ${tool.name} ${example}\n`);
      }
      const { stdout } = await runHere(['--help'], { columns: 60 });
      expect(stdout).toMatch(/^ {2}ROCKETCHAT_AUTH_TOKEN {3}its token.*\n {26}\S/m);
    },
  );

  it.each([['--version'], ['-V']])('prints the version: %s', async (word) => {
    expect(await runHere([word])).toEqual({ code: 0, stdout: `${tool.version}\n`, stderr: '' });
  });

  it.each([[[]], [['-h']], [['help']]])('is printed for %j', async (argv) => {
    expect(await runHere(argv)).toEqual(await helpOf());
  });

  it.each([
    ['latest', '-h'],
    ['help', 'latest'],
  ])('of a command is printed for %s %s', async (...argv) => {
    expect(await runHere(argv)).toEqual(await helpOf('latest'));
  });

  it('is not what -q and -v ask for: they are --quiet and --verbose', async () => {
    for (const words of [['-v'], ['-q'], ['-qv']]) {
      const { stderr } = await runHere(['verify', 'nothing-here', ...words]);
      expect(stderr).toContain('error: Cannot verify');
      expect(stderr.includes('    at ')).toBe(words.join('') === '-v');
    }
    expect((await runHere(['-v', 'verify', 'nothing-here'])).stderr).toContain('    at ');
  });
});

describe('a wrong command line', () => {
  it.each([
    [['rum', 'job.yaml'], 'Unknown command "rum"', 'Did you mean "rocketchat-export run"?'],
    [['zzzzzz'], 'Unknown command "zzzzzz"', 'rocketchat-export --help'],
    [['--verbose'], 'No command given', '--help'],
    [['-v'], 'No command given', '--help'],
    [['--rooms', 'x', 'export'], '--rooms stands before the command', 'rocketchat-export export --rooms …'],
    [['--rooms=x', 'export'], '--rooms stands before the command', 'rocketchat-export export --rooms …'],
    [['-q', '--json', 'plan', 'a.yaml'], '--json stands before the command', 'rocketchat-export plan --json …'],
    [['--log-format', 'json', '--output', 'run', 'export'], '--output stands before', 'export --output …'],
    [['--rooms', 'x'], '--rooms stands before the command', 'rocketchat-export export --rooms …'],
    [['--out', 'x', 'export'], 'Unknown option --out', 'rocketchat-export --help'],
    [['--roms', 'x', 'export'], 'Unknown option --roms', 'Did you mean --rooms?'],
    [['-x', 'run', 'a.yaml'], 'Unknown option -x', 'rocketchat-export --help'],
    [['run'], 'Missing an argument, expected "rocketchat-export run <job..>"', 'rocketchat-export run --help'],
    [
      ['transcript', 'my archive', '--user', 'anna'],
      'Missing --output (folder to write, or with --zip the file; appears when it is whole, and must not exist)',
      "For example: rocketchat-export transcript 'my archive' --user anna --output transcript; see",
    ],
    [
      ['transcript'],
      'Missing an argument, expected "rocketchat-export transcript <archive..> --output …"',
      'rocketchat-export transcript --help',
    ],
    [
      ['pull', 's3://archives/nightly'],
      'Missing --output (folder that is not there yet, or empty)',
      'For example: rocketchat-export pull s3://archives/nightly --output output/nightly; see',
    ],
    [['run', 'a.yaml', '--jsn'], 'Unknown option --jsn', 'Did you mean --json?'],
    [['export', '--max-wiat', '3m'], 'Unknown option --max-wiat', 'Did you mean --max-wait?'],
    [['export', '-x'], 'Unknown option -x', 'rocketchat-export export --help'],
    [['export', 'stray'], 'Unexpected argument "stray"', 'rocketchat-export export --help'],
    [['export', '--url', 'http://a', '--url', 'http://b'], '--url is given twice', 'export --help'],
    [['export', '--url'], 'Missing value of --url', 'export --help'],
    [['export', '--no-url'], 'Missing value of --url', 'export --help'],
    [['demo', '--json=maybe'], '--json takes no value', 'demo --help'],
    [['demo', '--log-format', 'xml'], 'Cannot use --log-format "xml", expected one of pretty, json', 'demo --help'],
    [
      ['search', 'demo'],
      'Missing an argument, expected "rocketchat-export search <archive> <words..>"',
      'search --help',
    ],
    [['history', 'demo'], 'Missing an argument, expected "rocketchat-export history <archive>', 'history --help'],
    [['-q', '--log-format', 'json', 'search', 'run'], 'Missing an argument, expected', 'export search --help'],
    [['rum', 'demo'], 'Unknown command "rum"', 'Did you mean "rocketchat-export run"?'],
    [['run', '--quite', 'a.yaml'], 'Unknown option --quite', 'Did you mean --quiet?'],
    [['purge', 'a', '--raeson', 'x'], 'Unknown option --raeson', 'Did you mean --reason?'],
    [
      ['purge', 'a'],
      'Missing --reason (why: stands in the manifest for good) and --by (on whose word: stands in the manifest, too)',
      'rocketchat-export purge a --reason "erasure request 17" --by "J. Doe, DPO"; see "rocketchat-export purge --help"',
    ],
    [['keygen'], 'Missing an argument, expected "rocketchat-export keygen <file>"', 'keygen --help'],
    [
      ['init', '--for', 'archiv'],
      'Cannot use --for "archiv", expected one of archive, compliance, analytics',
      'Did you mean "archive"?',
    ],
    [['init', '--for', 'nothing'], 'Cannot use --for "nothing", expected one of archive', 'init --help'],
    [['run', 'a', '--log-format', 'jsn'], 'Cannot use --log-format "jsn", expected one of', 'Did you mean "json"?'],
    [['schema', 'mesages'], 'Unknown table "mesages"', 'Did you mean "messages"?'],
  ])('%j ends with 64 and says what is wrong', async (argv, message, hint) => {
    const { code, stdout, stderr } = await runHere(argv);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    const [first = '', second = ''] = stderr.split('\n');
    expect(first).toContain(`error: ${message}`);
    expect(second).toContain('hint: ');
    expect(second).toContain(hint);
  });
});
