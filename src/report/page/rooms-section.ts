import { html, type Child, type Html } from '../../transcript/markup/html.ts';
import { plainName } from '../../transcript/markup/plain-name.ts';
import { roomKind } from '../../transcript/page/room-index.ts';
import { count, counted } from '../../model/text/counted.ts';
import { barTable } from '../charts/bar-table.ts';
import { binLike } from '../charts/bins.ts';
import { numbersTable } from '../charts/numbers-table.ts';
import { shareText } from '../charts/percent.ts';
import { condensed, sparkLine } from '../charts/spark-line.ts';
import type { RoomFigures } from '../figures/message-tally.ts';
import { halfOf, mostFirst } from './most-first.ts';
import type { ReportFacts } from './report-facts.ts';

const shown = 15;
const listed = 500;

/** Where it was written. */
export function roomsSection({ messages: { tally }, time }: ReportFacts): Child {
  const rooms = mostFirst(tally.rooms, ({ messages }) => messages);
  if (rooms.length === 0) return null;
  const top = rooms.slice(0, shown);
  const title = ({ title: name }: RoomFigures): Html => html`<bdi>${plainName(name)}</bdi>`;
  return html`<section id="rooms">
    <h2>Rooms</h2>
    <p>
      ${halfOf(
        counted(rooms.length, 'room'),
        rooms.map(({ messages }) => messages),
      )}
    </p>
    <figure>
      ${barTable({
        label: 'Rooms with the most messages',
        columns: ['Room', 'Messages'],
        pictures: 'Over time',
        rows: top.map((room) => ({
          name: title(room),
          about: roomKind(room.type),
          value: room.messages,
          picture: sparkLine(condensed(binLike(time.bins, room.byWeek).map(({ value }) => value))),
          share: shareText(room.messages, tally.messages),
        })),
      })}
      ${
        rooms.length > shown &&
        numbersTable({
          caption: 'All rooms',
          columns: ['Room', 'Kind', 'Messages', 'Share'],
          rows: rooms
            .slice(0, listed)
            .map((room) => [
              title(room),
              roomKind(room.type),
              count(room.messages),
              shareText(room.messages, tally.messages),
            ]),
          left: rooms.length - listed,
        })
      }
    </figure>
  </section>`;
}
