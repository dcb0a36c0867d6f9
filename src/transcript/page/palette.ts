/** The colours and fonts of everything that is made of an archive for people, light and dark. */
export const palette = `:root {
  color-scheme: light dark;
  --paper: #fdfcfa;
  --card: #f4f1ec;
  --ink: #1f1d1a;
  --soft: #5d5850;
  --line: #dcd6cb;
  --accent: #9c2c1c;
  --link: #14508c;
  --added: #d8efdc;
  --removed: #f8dcd8;
  --found: #ffe58a;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "DejaVu Sans Mono", monospace;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
  --emoji: "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji";
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #181715;
    --card: #24221f;
    --ink: #ebe6dd;
    --soft: #aaa295;
    --line: #3b3732;
    --accent: #f0907f;
    --link: #8fc1f5;
    --added: #1d4227;
    --removed: #57261f;
    --found: #6b5406;
  }
}
`;
