/** For authors of plug-ins: what every sink is tested with. Needs no test runner of its own. */
export { sinkContract, type ContractCase, type SinkUnderTest } from './sink-contract.ts';
export { expectedValue } from './expected-value.ts';
export { hugeListRow, hugeMessageRow, nastyRows, nastySchema } from './nasty-rows.ts';
export type { PluginSink, PluginWriter } from '../sinks/plugin-sink.ts';
export type { FileSchema, WrittenFile } from '../sinks/sink.ts';
export type { ColumnSpec, ColumnType, Row, ScalarKind, StructField, StructValue, Value } from '../model/column.ts';
export type { ExactNumber } from '../model/json/exact-number.ts';
export type { JsonObject, JsonValue } from '../model/json/json-value.ts';
