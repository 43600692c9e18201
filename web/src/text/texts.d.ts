/* Parts of the message files, made by the build: see vite.config.ts. */
declare module '*.json?first' {
  const texts: object;
  export default texts;
}
declare module '*.json?later' {
  const texts: object;
  export default texts;
}
