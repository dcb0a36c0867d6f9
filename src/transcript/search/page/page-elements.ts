/** As much of a browser's objects as the page of the search uses: the types of the program know none of them. */
export interface PageElement {
  textContent: string;
  value: string;
  hidden: boolean;
  className: string;
  dir: string;
  dateTime: string;
  ariaBusy: string;
  href: string;
  src: string;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: (PageElement | string)[]): void;
  remove(): void;
  focus(): void;
  addEventListener(type: string, listener: (event: PageEvent) => void): void;
}

interface PageEvent {
  preventDefault(): void;
}

export interface PageDocument {
  readonly head: PageElement;
  getElementById(id: string): PageElement | null;
  createElement(tag: string): PageElement;
}

export interface PageLocation {
  readonly hash: string;
  replace(address: string): void;
}
