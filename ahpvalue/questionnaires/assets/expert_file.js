"use strict";
// The answers as an expert's own file, in YAML that the library reads strictly.
// A pair without an answer is left out, which means missing.
const expertFile = (() => {
  function expertFile(form, answers) {
    const head = [`expert: ${quoted(form.expert)}`, `model: ${quoted(form.model)}`];
    const nodes = form.nodes.flatMap((node, n) => (answers[n].some((answer) => answer)
      ? [`  ${key(node.name)}:`, ...judgments(node, answers[n])] : []));
    return [...head, nodes.length ? "judgments:" : "judgments: {}", ...nodes, ""].join("\n");
  }

  function judgments(node, answers) {
    if (!node.named) return triangle(node, answers);
    return node.pairs.flatMap(([i, j], p) => (answers[p]
      ? [`    ${key(node.items[i], node.items[j])}: ${answers[p]}`] : []));
  }

  // Items that cannot stand in a pair's name: rows of the upper triangle, null where missing.
  function triangle(node, answers) {
    const at = new Map(node.pairs.map((pair, p) => [pair.join("-"), answers[p] || "null"]));
    return node.items.slice(1).map((_, i) => {
      const row = node.items.slice(i + 1).map((_, k) => at.get(`${i}-${i + 1 + k}`) ?? "null");
      return `    - [${row.join(", ")}]`;
    });
  }

  function key(...names) {
    const plain = names.every((name) => /^[\p{L}_][\p{L}\p{M}\p{N}_-]*$/u.test(name));
    return plain ? names.join(" vs ") : quoted(names.join(" vs "));
  }

  // JSON's strings are YAML's, once what YAML takes for a line end or refuses is escaped.
  function quoted(text) {
    return JSON.stringify(text).replace(/[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
  }

  return expertFile;
})();
