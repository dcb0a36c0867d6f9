import { parseXml, XmlElement, XmlError } from '@rgrove/parse-xml';

/** The element that a body of XML is; undefined: it is something else. */
export function readXml(body: Uint8Array): XmlElement | undefined {
  try {
    return parseXml(new TextDecoder().decode(body)).root ?? undefined;
  } catch (error) {
    if (error instanceof XmlError) return undefined;
    throw error;
  }
}

/** Those of an element's children that have a name. */
export function children(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child instanceof XmlElement).filter((child) => child.name === name);
}

/** The text of the first child with a name; undefined: there is none. */
export function childText(element: XmlElement | undefined, name: string): string | undefined {
  return element && children(element, name)[0]?.text;
}
