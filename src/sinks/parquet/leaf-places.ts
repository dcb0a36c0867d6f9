import type { SchemaElement } from 'hyparquet';

/** Where a leaf stands in a schema. */
export interface LeafPlace {
  readonly type: NonNullable<SchemaElement['type']>;
  /** Names from the column down. */
  readonly path: readonly string[];
  /** Of each of these. */
  readonly repetitions: readonly NonNullable<SchemaElement['repetition_type']>[];
  /** Level of a value that is there. */
  readonly mostDefined: number;
  /** Lists around it. */
  readonly mostRepeated: number;
}

/** The leaves of a schema that is listed depth first, the root before them. */
export function leafPlaces([root, ...elements]: readonly SchemaElement[]): readonly LeafPlace[] {
  const places: LeafPlace[] = [];
  const left = elements.values();
  const visit = (count: number, parents: readonly SchemaElement[]): void => {
    for (let child = 0; child < count; child += 1) {
      const element = left.next().value;
      if (element === undefined) throw new RangeError('A group of a Parquet schema has fewer fields than it says');
      const chain = [...parents, element];
      if (element.type === undefined) visit(element.num_children ?? 0, chain);
      else places.push(placeOf(chain, element.type));
    }
  };
  visit(root?.num_children ?? 0, []);
  return places;
}

function placeOf(chain: readonly SchemaElement[], type: LeafPlace['type']): LeafPlace {
  const repetitions = chain.map(({ repetition_type: repetition = 'REQUIRED' }) => repetition);
  return {
    type,
    path: chain.map(({ name }) => name),
    repetitions,
    mostDefined: repetitions.filter((repetition) => repetition !== 'REQUIRED').length,
    mostRepeated: repetitions.filter((repetition) => repetition === 'REPEATED').length,
  };
}
