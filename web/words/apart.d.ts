// Modules that vite.config.ts makes.
declare module '*?help' {
  const messages: object
  export = messages
}
declare module '*?guardian' {
  const messages: object
  export = messages
}
declare module '*?officials' {
  const messages: object
  export = messages
}
declare module '*?finding' {
  const messages: object
  export = messages
}
declare module '*?ceremony' {
  const messages: object
  export = messages
}
declare module '*?booth' {
  const messages: object
  export = messages
}
declare module '*?observer' {
  const messages: object
  export = messages
}
declare module '*?record' {
  const messages: object
  export = messages
}
declare module '*?accountability' {
  const messages: object
  export = messages
}
declare module '*?process' {
  const messages: object
  export = messages
}
declare module '*?mydata' {
  const messages: object
  export = messages
}
declare module '*?demo' {
  const messages: object
  export = messages
}
declare module '*?opinion' {
  const messages: object
  export = messages
}
