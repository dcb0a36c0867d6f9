/** What is used of parquetjs-lite 0.8.7, which has no types of its own. */
declare module 'parquetjs-lite' {
  export interface FieldDefinition {
    readonly type?: 'UTF8' | 'INT64' | 'BOOLEAN' | 'LIST';
    readonly compression?: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
    readonly optional?: boolean;
    readonly repeated?: boolean;
    readonly statistics?: boolean;
    readonly fields?: Readonly<Record<string, FieldDefinition>>;
  }

  export interface ParquetSchema {
    /** Every field of the schema, groups before what they hold. */
    readonly fieldList: readonly { originalType?: string | undefined }[];
  }

  export interface ParquetWriter {
    /** Rejects with text, not always with an Error. Must not be called before the promise of the last call resolves. */
    appendRow(row: Readonly<Record<string, unknown>>): Promise<void>;
    setRowGroupSize(rows: number): void;
    setMetadata(key: string, value: string): void;
    close(): Promise<void>;
  }

  /** The two methods it calls of a stream. */
  export interface Output {
    write(bytes: Uint8Array, done: (error?: Error) => void): void;
    end(done: (error?: Error) => void): void;
  }

  export interface WriterOptions {
    readonly rowGroupSize: number;
    /** In rows. */
    readonly pageSize: number;
    readonly useDataPageV2: boolean;
    readonly pageIndex: boolean;
  }

  const parquet: {
    readonly ParquetSchema: new (definition: Readonly<Record<string, FieldDefinition>>) => ParquetSchema;
    readonly ParquetWriter: {
      openStream(schema: ParquetSchema, output: Output, options: WriterOptions): Promise<ParquetWriter>;
    };
  };
  export default parquet;
}
