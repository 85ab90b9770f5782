/** @returns `text` with the user and password of every URL in it masked: "https://****@host/simple". */
export const maskCredentials = (text: string): string =>
  text.replace(/([a-z][a-z0-9+.-]*:\/\/)[^\s/?#"'<>]*@/gi, '$1****@');
