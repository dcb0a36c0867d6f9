import type { Row } from '../../../model/column.ts';
import { formulaStart } from '../../../sinks/csv/csv-lines.ts';

/** Whether a text of a row begins as `excelSafe` makes it begin: then it is unknown whether the `'` was there before. */
export function mayBeExcelSafe(row: Row): boolean {
  return Object.values(row).some(
    (value) => typeof value === 'string' && value.startsWith("'") && formulaStart.test(value.slice(1)),
  );
}
