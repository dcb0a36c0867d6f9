import type { Disk } from '../system/disk.ts';
import { JobError, OutputError } from '../errors.ts';
import { createFromPlugin, kindOf } from '../plugins/create-from-plugin.ts';
import { isFunction } from '../plugins/is-function.ts';
import { pluginErrorText } from '../plugins/error-text.ts';
import { isRecord } from '../model/json/is-record.ts';
import type { PluginReference } from '../model/plugin-reference.ts';
import type { Row } from '../model/column.ts';
import { measureFile } from './measure-file.ts';
import type { FileSchema, Sink, TableWriter, WrittenFile } from './sink.ts';

/** What a plug-in gives: any of its functions may be async, and what `write` and `close` return is not looked at. */
export interface PluginSink {
  /** Its own word for the format, for manifests: `xml`. */
  readonly format: string;
  /** File ending without the dot: `xml`, `xml.gz`. */
  readonly extension: string;
  /** Opens the file at `path`, which is there and empty. */
  open(path: string, schema: FileSchema): PluginWriter | Promise<PluginWriter>;
}

/** What a plug-in opens: writes one file of one table. `write` is called one at a time; then `close` or `abort`, once. */
export interface PluginWriter {
  write(rows: readonly Row[]): unknown;
  close(): unknown;
  /** Called instead of `close` when the run fails: closes what is open. The file is removed by the caller. */
  abort?(): unknown;
}

/**
 * A sink of the user's own: the default export of a module, called with the options and `{ disk }`, returns a
 * `PluginSink`. Rows are counted here, and the file is flushed, measured and hashed here once it is closed, so that the
 * manifest does not rest on somebody else's word.
 *
 * @throws JobError when it cannot be loaded or is no sink; its files throw OutputError when it fails
 */
export async function loadPluginSink(plugin: PluginReference, disk: Disk): Promise<Sink> {
  const sink = readSink(await createFromPlugin(plugin, 'sink', { disk }));
  if (typeof sink === 'string') {
    throw new JobError(`Cannot use sink "${plugin.use}": ${sink}`, { hint: 'docs/library.md shows a whole one' });
  }
  const { format, extension } = sink;
  return {
    format,
    extension,
    async open(path, schema) {
      const attempt = attemptsOf(plugin, path);
      // Made here, so that it is the owner's alone whatever the plug-in thinks of modes.
      await (await disk.open(path, 'truncate')).close();
      const writer = await attempt('open', () => sink.open(path, schema));
      if (!isWriter(writer)) {
        throw new OutputError(`Sink "${plugin.use}" cannot be written to: open() returned ${kindOf(writer)}`, {
          hint: 'Expected an object with the functions write(rows) and close()',
        });
      }
      return new PluginTableWriter(disk, path, writer, attempt);
    },
  };
}

type Attempt = (action: string, work: () => unknown) => Promise<unknown>;

function attemptsOf(plugin: PluginReference, path: string): Attempt {
  return async (action, work) => {
    try {
      return await work();
    } catch (cause) {
      throw new OutputError(`Sink "${plugin.use}" failed to ${action} "${path}": ${pluginErrorText(cause, plugin)}`, {
        hint:
          cause instanceof OutputError && cause.hint !== undefined
            ? cause.hint
            : `The sink is not part of this program: if the disk works, fix "${plugin.use}"`,
      });
    }
  };
}

class PluginTableWriter implements TableWriter {
  readonly #disk: Disk;
  readonly #path: string;
  readonly #writer: PluginWriter;
  readonly #attempt: Attempt;
  #rows = 0;
  #isOpen = true;

  constructor(disk: Disk, path: string, writer: PluginWriter, attempt: Attempt) {
    this.#disk = disk;
    this.#path = path;
    this.#writer = writer;
    this.#attempt = attempt;
  }

  async write(rows: readonly Row[]): Promise<void> {
    await this.#attempt('write', () => this.#writer.write(rows));
    this.#rows += rows.length;
  }

  async close(): Promise<WrittenFile> {
    try {
      await this.#attempt('close', () => this.#writer.close());
    } catch (error) {
      await this.abort();
      throw error;
    }
    this.#isOpen = false;
    return { rows: this.#rows, ...(await measureFile(this.#disk, this.#path)) };
  }

  async abort(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      await this.#writer.abort?.();
    } catch {
      // The file is given up already: why it could not be closed helps nobody.
    }
  }
}

/** A sink of which nobody knows yet what it opens. */
type UncheckedSink = Pick<PluginSink, 'format' | 'extension'> & {
  readonly open: (path: string, schema: FileSchema) => unknown;
};

/** @returns the sink, or what is wrong with it */
function readSink(sink: unknown): UncheckedSink | string {
  if (!isRecord(sink)) return `it made ${kindOf(sink)}, expected { format, extension, open }`;
  const { format, extension, open } = sink;
  if (typeof format !== 'string' || !/^[a-z][a-z0-9._-]*$/.test(format)) {
    return `its "format" is ${shown(format)}, expected a short word in lower case such as "xml"`;
  }
  if (typeof extension !== 'string' || !/^[a-z0-9]+(\.[a-z0-9]+)*$/.test(extension)) {
    return `its "extension" is ${shown(extension)}, expected a file ending without the first dot such as "xml"`;
  }
  if (!isFunction(open)) return `its "open" is ${kindOf(open)}, expected a function (path, schema)`;
  return { format, extension, open: (path, schema) => open.call(sink, path, schema) };
}

function isWriter(writer: unknown): writer is PluginWriter {
  if (!isRecord(writer)) return false;
  const { write, close, abort } = writer;
  return isFunction(write) && isFunction(close) && (abort === undefined || isFunction(abort));
}

function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : kindOf(value);
}
