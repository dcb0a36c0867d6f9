import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import ajvFormats from 'ajv-formats';
import { parse } from 'yaml';

/** The schema that the protocol publishes, byte for byte: where it is from says the README beside it. */
const path = join(import.meta.dirname, '../../fixtures/airbyte-protocol/airbyte_protocol.yaml');

// Its keys for Java are none of JSON Schema.
const ajv = new Ajv({ strict: false });
ajvFormats.default(ajv);
ajv.addSchema(parse(readFileSync(path, 'utf8')) as object, 'protocol');

/** @throws for what the published schema does not allow under this name */
export function expectOfProtocol(name: 'AirbyteMessage' | 'ConfiguredAirbyteCatalog', value: unknown): void {
  const isValid = ajv.getSchema(`protocol#/definitions/${name}`);
  if (isValid === undefined) throw new Error(`The protocol has no ${name}`);
  if (isValid(value) !== true) throw new Error(`${ajv.errorsText(isValid.errors)}: ${JSON.stringify(value)}`);
}
