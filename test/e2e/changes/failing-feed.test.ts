import { expect, it } from '@jest/globals';
import { inflict } from '../../support/network/faults.ts';
import { timeOf, withChangingArchive, type Row } from '../../support/runs/changing-archive.ts';
import { quickOrLong } from '../../support/quick-or-long.ts';

const daySeconds = 86_400;
const nights = quickOrLong(2, 4);

const said = ({ message_id: id, op, updated_at: at }: Row): string => [id, op, at].join(' ');

it.each(quickOrLong(['DELETED'], ['DELETED', 'UPDATED']))(
  'a list of changes (%s) that fails for nights: the other comes each night, once, then all of it, and nothing is read for ever',
  (failing) =>
    withChangingArchive('8.8', { transform: { tables: ['messages', 'mentions'] } }, async (archive) => {
      const written: string[] = [];
      const fail = inflict(({ params }) =>
        params['type'] === failing
          ? { kind: 'answer', status: 400, contentType: 'application/json', body: '{"success":false,"error":"Broken"}' }
          : null,
      );
      for (let night = 1; night <= nights; night += 1) {
        const at = night * daySeconds;
        archive.edit(`ops-${night}`, at, { msg: `edited in night ${night}` });
        archive.remove(`ops-${10 + night}`, at + 1);
        archive.post(`ops-new-${night}`, at + 2);
        archive.served.rules.intercept = fail;
        const manifest = await archive.run(at + 3_600);
        expect(manifest.gaps).toMatchObject([{ endpoint: 'chat.syncMessages' }]);
        const now = (await archive.rows(manifest)).map(said).toSorted();
        const change = failing === 'DELETED' ? `ops-${night} upsert ${timeOf(at)}` : `ops-${10 + night} delete `;
        expect(now).toEqual([change, `ops-new-${night} upsert ${timeOf(at + 2)}`].toSorted());
        written.push(...now);
      }
      archive.served.rules.intercept = null;
      const healed = await archive.run((nights + 1) * daySeconds);
      expect(healed.gaps).toEqual([]);
      const late = (await archive.rows(healed)).map(said);
      expect(late.toSorted()).toEqual(
        Array.from({ length: nights }, (_, index) => {
          const night = index + 1;
          return failing === 'DELETED'
            ? `ops-${10 + night} delete `
            : `ops-${night} upsert ${timeOf(night * daySeconds)}`;
        }),
      );
      expect(new Set([...written, ...late]).size).toBe(written.length + late.length);

      // What failed is asked for from where it was read last, once; then from the newest place.
      archive.post('ops-last', (nights + 2) * daySeconds);
      const from = archive.served.requests.length;
      const next = await archive.run((nights + 2) * daySeconds + 60);
      expect((await archive.rows(next)).map(said)).toEqual([`ops-last upsert ${timeOf((nights + 2) * daySeconds)}`]);
      const asked = archive.served.requests.slice(from).filter(({ params }) => 'type' in params);
      expect(asked.map(({ params }) => params['type']).toSorted()).toEqual(['DELETED', 'UPDATED']);
      for (const { params } of asked)
        expect(Number(params['next'])).toBeGreaterThan(Date.parse(timeOf((nights - 1) * daySeconds + 3_601)));
    }),
);
