import { createHash } from 'node:crypto';
import { officeJpeg } from '../data/office-jpeg.ts';
import { pngImage } from './png-image.ts';
import { storedZip } from './stored-zip.ts';

/**
 * The content of an upload of the sample workspace: a small file of its type that programs open, another one for each id,
 * and the same on every machine.
 */
export function sampleFile(id: string, format: string): Buffer {
  switch (format) {
    case 'png':
      return pngImage(id);
    case 'jpeg':
      return jpeg(id);
    case 'pdf':
      return pdf(`Offer ${id}`);
    case 'xlsx':
      return workbook(id);
    case 'mp3':
      return mp3(id);
    default:
      return mp4(id);
  }
}

/** With the id as a comment (COM) behind the first marker. */
function jpeg(id: string): Buffer {
  const image = Buffer.from(officeJpeg, 'base64');
  const comment = Buffer.from([0xff, 0xfe, 0, id.length + 2]);
  return Buffer.concat([image.subarray(0, 2), comment, Buffer.from(id), image.subarray(2)]);
}

/** One page with one line, and the table of its objects where a reader looks for it. */
function pdf(line: string): Buffer {
  const text = `BT /F1 24 Tf 72 720 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const places = objects.map((object, at) => {
    const place = file.length;
    file += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  return Buffer.from(`${file}${table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`, 'latin1');
}

/** A workbook with one sheet and one cell. Source: ECMA-376, part 1 */
function workbook(id: string): Buffer {
  const xml = (body: string): string => `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${body}`;
  const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
  const relations = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return storedZip([
    [
      '[Content_Types].xml',
      xml(
        `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${type}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${type}.worksheet+xml"/></Types>`,
      ),
    ],
    [
      '_rels/.rels',
      xml(
        `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
      ),
    ],
    [
      'xl/workbook.xml',
      xml(
        `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="costs" sheetId="1" r:id="rId1"/></sheets></workbook>`,
      ),
    ],
    [
      'xl/_rels/workbook.xml.rels',
      xml(
        `<Relationships xmlns="${relations}"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
      ),
    ],
    [
      'xl/worksheets/sheet1.xml',
      xml(
        `<worksheet xmlns="${main}"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>${id}</t></is></c></row></sheetData></worksheet>`,
      ),
    ],
  ]);
}

/** Half a second of silence: 20 frames of MPEG 1 layer III, 128 kbit/s at 44.1 kHz, 417 bytes each. */
function mp3(id: string): Buffer {
  const frame = Buffer.alloc(417);
  frame.set([0xff, 0xfb, 0x90, 0xc4]);
  const title = Buffer.concat([Buffer.from('TIT2'), Buffer.from([0, 0, 0, id.length + 1, 0, 0, 0]), Buffer.from(id)]);
  const tag = Buffer.from([...Buffer.from('ID3'), 3, 0, 0, 0, 0, 0, title.length]);
  return Buffer.concat([tag, title, ...Array.from({ length: 20 }, () => frame)]);
}

/** Boxes of an MPEG-4 file with a header and without a track. Source: ISO/IEC 14496-12 */
function mp4(id: string): Buffer {
  const box = (name: string, content: Uint8Array): Buffer => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(content.length + 8);
    return Buffer.concat([size, Buffer.from(name), content]);
  };
  const header = Buffer.alloc(100);
  header.writeUInt32BE(1000, 12);
  header.writeUInt32BE(0x00_01_00_00, 20);
  header.writeUInt16BE(0x01_00, 24);
  header.writeUInt32BE(0x00_01_00_00, 36);
  header.writeUInt32BE(0x00_01_00_00, 52);
  header.writeUInt32BE(0x40_00_00_00, 68);
  header.writeUInt32BE(2, 96);
  const seed = createHash('sha256').update(id).digest();
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\x00\x00\x02\x00isommp41', 'latin1')),
    box('moov', box('mvhd', header)),
    box('free', Buffer.concat([Buffer.from(id), seed])),
  ]);
}
