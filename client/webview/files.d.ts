// What the bundler makes of style sheets.

declare module "*.css" {
  /** Of a `.shadow.css` alone; others are put into the page's own. */
  const text: string;
  export default text;
}
