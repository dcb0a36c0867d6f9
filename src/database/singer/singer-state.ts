import { JsonShapeError, parseJson, parseShape } from '../../archive/json-shape.ts';
import { UsageError } from '../../errors.ts';
import { emitStateSchema } from '../emit/emit-state-schema.ts';
import { noState, type EmitState } from '../emit/emit-state.ts';

/**
 * Parses a file that a target has written: the value of the last STATE message that it got. `{}`, which runners hand over
 * before there is any, is none.
 *
 * @throws UsageError when it is something else
 */
export function parseSingerState(bytes: Uint8Array, path: string): EmitState {
  try {
    const value = parseJson(bytes);
    if (JSON.stringify(value) === '{}') return noState;
    return parseShape(emitStateSchema, value);
  } catch (error) {
    if (!(error instanceof JsonShapeError)) throw error;
    throw new UsageError(`Cannot read the state "${path}": ${error.message}`, {
      hint: 'It holds the `value` of the last STATE line, as targets print it; without --state, everything is emitted',
    });
  }
}
