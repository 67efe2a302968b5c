/**
 * Where the declaration of an item ends and its body begins, told from the text alone: the first `{` or `;` outside of brackets.
 *
 * Never too early; where the brackets do not add up it is the item's end.
 */

/** The offset of the body's `{` or of the `;` that stands for it, in [start, end]. */
export function signatureEnd(text: string, start: number, end: number): number {
  let round = 0;
  let angle = 0;
  for (let at = start; at < end; at += 1) {
    switch (text[at]) {
      case "(":
      case "[":
        round += 1;
        break;
      case ")":
      case "]":
        round -= 1;
        break;
      case "<":
        angle += 1;
        break;
      case ">":
        if (text[at - 1] !== "-" && text[at - 1] !== "=") angle -= 1;
        break;
      case "/":
        if (text[at + 1] === "/") at = lineEnd(text, at);
        else if (text[at + 1] === "*") at = commentEnd(text, at);
        break;
      case "{":
      case ";":
        if (round <= 0 && angle <= 0) return at;
        break;
      default:
    }
  }
  return end;
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Comments nest, but what is cut short here is only text more. */
function commentEnd(text: string, at: number): number {
  const end = text.indexOf("*/", at + 2);
  return end < 0 ? text.length : end + 1;
}
