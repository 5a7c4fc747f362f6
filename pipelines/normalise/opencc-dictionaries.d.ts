/** opencc-js exports its dictionaries (`"./*"` of its package.json) without types: pairs `源 的` joined by `|`. */
declare module 'opencc-js/dict/*' {
  const dictionary: string;
  export default dictionary;
}
