/** The page's style sheet, in the page itself: light and dark, narrow and wide, and paper. */

/** CSS, without anything that ends a style element. */
export const STYLE: string = `
:root{--bg:#fbfbfa;--card:#fff;--ink:#1d1f21;--dim:#5f6670;--line:#dfe1e5;--code:#f4f5f6;--link:#0b57a4;--mark:#ffe08a;
--error:#b3261e;--warning:#8a5300;--note:#0b6a79;--good:#1b6e33;--focus:#0b57a4;color-scheme:light}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){--bg:#15171a;--card:#1d2024;--ink:#e6e7e9;--dim:#a0a7b0;
--line:#343a41;--code:#15181b;--link:#8fc1ff;--mark:#6b5500;--error:#ff8a80;--warning:#ffc266;--note:#7fd6e5;--good:#8edb9f;
--focus:#8fc1ff;color-scheme:dark}}
:root[data-theme=dark]{--bg:#15171a;--card:#1d2024;--ink:#e6e7e9;--dim:#a0a7b0;--line:#343a41;--code:#15181b;--link:#8fc1ff;
--mark:#6b5500;--error:#ff8a80;--warning:#ffc266;--note:#7fd6e5;--good:#8edb9f;--focus:#8fc1ff;color-scheme:dark}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main{max-width:1080px;margin:0 auto;padding:0 20px}
header{padding-top:22px}
h1{font-size:22px;margin:0 0 4px}
h2{font-size:17px;margin:34px 0 10px;padding-top:6px;border-top:1px solid var(--line)}
h2 .n{color:var(--dim);font-weight:400}
h3{font-size:14px;margin:22px 0 8px;color:var(--dim);font-weight:600}
code,pre,.fn,.at{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em}
a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
.dim,.at{color:var(--dim)}a .at{color:inherit}
.bar{position:sticky;top:0;z-index:2;background:var(--bg);padding:10px 0;display:none;gap:8px;flex-wrap:wrap;align-items:center;
border-bottom:1px solid var(--line)}
.js .bar{display:flex}
.bar input{flex:1 1 240px;min-width:0;font:inherit;padding:7px 10px;border:1px solid var(--line);border-radius:6px;
background:var(--card);color:inherit}
button{font:inherit;padding:6px 10px;border:1px solid var(--line);border-radius:6px;background:var(--card);color:inherit;cursor:pointer}
button:hover{border-color:var(--dim)}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.card,.item{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:8px 0}
.card{padding:12px 16px}
.card p,.body p{margin:6px 0}
.item>summary{padding:9px 14px 9px 30px;cursor:pointer;list-style-position:inside;text-indent:-16px}
.item>summary .at{float:right;margin-left:14px;text-indent:0;line-height:22px}
.item[open]>summary{border-bottom:1px solid var(--line)}
.body{padding:6px 18px 14px}
.badge{display:inline-block;text-indent:0;border-radius:5px;padding:0 7px;font-size:12px;line-height:20px;font-weight:600;border:1px solid currentColor;
margin-right:6px;white-space:nowrap}
.error,.unsafe{color:var(--error)}.warning,.suspect,.incomplete{color:var(--warning)}.note{color:var(--note)}.clean,.good{color:var(--good)}
.tally{display:flex;gap:18px;flex-wrap:wrap;margin:6px 0 10px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 14px;margin:8px 0 0}
dt{color:var(--dim)}dd{margin:0;min-width:0;overflow-wrap:anywhere}
.code{background:var(--code);border:1px solid var(--line);border-radius:6px;padding:6px 0;margin:6px 0;overflow-x:auto;tab-size:4}
.row{display:inline-block;min-width:100%;padding-right:12px}.here{background:color-mix(in srgb,var(--mark) 25%,transparent)}
.no{display:inline-block;width:4.5em;padding-right:1em;text-align:right;color:var(--dim);user-select:none}
mark{background:var(--mark);color:inherit;border-radius:2px}
ul.tree{list-style:none;margin:0;padding-left:14px;border-left:1px solid var(--line)}
.body>ul.tree{padding-left:0;border-left:0}
ul.tree li{margin:5px 0 0;overflow-wrap:anywhere}
.fn{font-weight:600}
.via{color:var(--dim);font-size:12px;border:1px solid var(--line);border-radius:4px;padding:0 5px;margin-right:5px}
.snip{display:block;overflow-wrap:anywhere}.snip code{margin-left:10px}
ul.tree .fn{font-size:.88em}.body>details{margin-top:12px}
.then>.fn{font-weight:500}
.end{color:var(--error);font-weight:600}
table{border-collapse:collapse;width:100%;margin:6px 0;font-size:14px}
th,td{text-align:left;vertical-align:top;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
th{color:var(--dim);font-weight:600}
.scroll{overflow-x:auto}
[hidden]{display:none!important}
.item.at-cursor,.card.at-cursor{border-color:var(--focus);box-shadow:0 0 0 1px var(--focus)}
dialog{background:var(--card);color:var(--ink);border:1px solid var(--line);border-radius:10px;padding:18px 22px;max-width:26em}
dialog::backdrop{background:rgba(0,0,0,.4)}
kbd{border:1px solid var(--line);border-radius:4px;padding:0 6px;background:var(--code);font-size:.9em}
footer{max-width:1080px;margin:40px auto 24px;padding:0 20px;color:var(--dim);font-size:13px}
@media (max-width:640px){.bar{position:static}.item>summary .at{display:none}dl{grid-template-columns:1fr}dt{margin-top:6px}.no{width:3em}}
@media print{.bar,dialog{display:none!important}.item,.card{break-inside:avoid}}
`;
