import { nearest } from '../../model/text/nearest.ts';
import { compileGlob } from '../../rocketchat/rooms/glob.ts';
import type { Room } from '../../model/room.ts';
import { selectRooms } from '../../rocketchat/rooms/select-rooms.ts';

const mostNames = 3;

/** A shorter piece of a name is in too many of them. */
const shortestPiece = 3;

/**
 * What a person may have meant by an entry that matches no room, as a clause for the error, or '' where nothing comes to
 * mind: names in another case or width, with the `#` or `@` of the client, with a typing error, a part of a name, or several names
 * with commas between them (a name may hold one, so they are not split unasked).
 */
export function meantRooms(pattern: string, rooms: readonly Room[]): string {
  const word = plainWord(pattern);
  const parts = word.split(',').map((part) => plainWord(part.trim()));
  const types = [...new Set(rooms.map(({ type }) => type))];
  const named = parts.map((part) =>
    selectRooms(rooms, [part], types).unmatched.length === 0 ? part : alikeNames(part, rooms)[0],
  );
  if (parts.length > 1 && named.some((name) => name !== undefined)) {
    const words = parts.map((part, at) => quoted(named[at] ?? part)).join(' ');
    return ` (commas do not separate rooms: each is a word or a list item of its own, ${words})`;
  }
  const names = meantNames(word, rooms);
  return names.length === 0 ? '' : ` (did you mean ${names.map(quoted).join(' or ')}?)`;
}

/** Letters of full width, ligatures and composed letters as the plain ones that they stand for. */
function foldWidth(text: string): string {
  return text.normalize('NFKC');
}

/** Without what the client writes before a name. */
function plainWord(word: string): string {
  return foldWidth(word).replace(/^!?[#@]?/, '');
}

function namesOf(rooms: readonly Room[]): readonly string[] {
  return [...new Set(rooms.flatMap(({ name, displayName = name }) => [name, displayName]))];
}

/** Names that a word matches in another case or width. */
function alikeNames(word: string, rooms: readonly Room[]): readonly string[] {
  const matches = compileGlob(word.toLowerCase());
  return namesOf(rooms).filter((name) => matches(foldWidth(name).toLowerCase()));
}

function meantNames(word: string, rooms: readonly Room[]): readonly string[] {
  const names = namesOf(rooms);
  const alike = alikeNames(word, rooms);
  if (alike.length > 0) return alike.slice(0, mostNames);
  const near = nearest(word, names);
  if (near !== undefined) return [near];
  if (word.length < shortestPiece) return [];
  return names.filter((name) => name.toLowerCase().includes(word.toLowerCase())).slice(0, mostNames);
}

function quoted(text: string): string {
  return `"${text}"`;
}
