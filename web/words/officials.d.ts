// Modules that vite.config.ts makes.
declare module '*?officials' {
  const messages: object
  export = messages
}
