"use strict";
// How far the answers on one node agree with each other. The same formulas as the library's
// judgments room, to the digits that matter. What an answer is worth, random indices and limits
// come from there as numbers, so that no table stands here.
const consistency = (() => {
  const CONVERGED = 1e-14;
  const STEPS = 20000;

  // answers: [[i, j, value], ...] over n items -> the matrix, null where nothing is known.
  function matrix(n, answers) {
    const a = Array.from({ length: n }, (_, i) =>
      Array.from({ length: n }, (_, j) => (i === j ? 1 : null)));
    for (const [i, j, value] of answers) {
      a[i][j] = value;
      a[j][i] = 1 / value;
    }
    return a;
  }

  // The groups of items that answers connect, each in order.
  function islands(n, answers) {
    const group = Array.from({ length: n }, (_, i) => i);
    const root = (i) => (group[i] === i ? i : (group[i] = root(group[i])));
    for (const [i, j] of answers) group[root(j)] = root(i);
    const found = new Map();
    for (let i = 0; i < n; i++) {
      if (!found.has(root(i))) found.set(root(i), []);
      found.get(root(i)).push(i);
    }
    return [...found.values()];
  }

  const transposed = (a) => a.map((_, j) => a.map((row) => row[j]));

  // Principal eigenvector (summing to 1) and eigenvalue by power iteration.
  function principal(a, start) {
    const n = a.length;
    let w = start ?? new Array(n).fill(1 / n);
    let lambda = n;
    for (let step = 0; step < STEPS; step++) {
      const product = a.map((row) => row.reduce((sum, value, j) => sum + value * w[j], 0));
      lambda = product.reduce((sum, value) => sum + value, 0);
      let change = 0;
      for (let i = 0; i < n; i++) {
        product[i] /= lambda;
        change = Math.max(change, Math.abs(product[i] - w[i]));
      }
      w = product;
      if (change <= CONVERGED) break;
    }
    return { w, lambda };
  }

  // Missing entries such that the principal eigenvalue is smallest: at the minimum
  // x_ij^2 = u_j v_i / (u_i v_j) with left and right eigenvectors u and v.
  function completed(a) {
    const n = a.length;
    const missing = [];
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) if (a[i][j] === null) missing.push([i, j]);
    }
    const full = a.map((row) => row.map((value) => value ?? 1));
    let right;
    let left;
    for (let step = 0; missing.length && step < STEPS; step++) {
      right = principal(full, right).w;
      left = principal(transposed(full), left).w;
      let change = 0;
      for (const [i, j] of missing) {
        const best = 0.5 * (Math.log(right[i] / right[j]) + Math.log(left[j] / left[i]));
        change = Math.max(change, Math.abs(best - Math.log(full[i][j])));
        full[i][j] = Math.exp(best);
        full[j][i] = Math.exp(-best);
      }
      if (change < 1e-12) break;
    }
    return full;
  }

  // The eigenvalue as the method's tables take it.
  function lambdaOf(a, method, found) {
    if (method !== "column-mean") return Math.max(found.lambda, a.length);
    const n = a.length;
    const sums = a[0].map((_, j) => a.reduce((sum, row) => sum + row[j], 0));
    const w = a.map((row) => row.reduce((sum, value, j) => sum + value / sums[j], 0) / n);
    return a.reduce((sum, row, i) =>
      sum + row.reduce((inner, value, j) => inner + value * w[j], 0) / w[i], 0) / n;
  }

  // The answer of 1 to 9 or its reciprocal whose worth is nearest to a ratio,
  // counted on the side above 1, halves away from 1.
  function fitting(ratio, worth) {
    const size = Math.max(ratio, 1 / ratio);
    let best = 1;
    for (let step = 2; step <= 9; step++) {
      if (Math.abs(worth[step] - size) <= Math.abs(worth[best] - size)) best = step;
    }
    return ratio >= 1 || best === 1 ? String(best) : `1/${best}`;
  }

  function inverse(matrix) {
    const n = matrix.length;
    const rows = matrix.map((row, i) => [...row, ...row.map((_, j) => (i === j ? 1 : 0))]);
    for (let k = 0; k < n; k++) { // positive definite: no pivot is zero
      const pivot = rows[k][k];
      rows[k] = rows[k].map((value) => value / pivot);
      for (let i = 0; i < n; i++) {
        const factor = rows[i][k];
        if (i !== k) rows[i] = rows[i].map((value, j) => value - factor * rows[k][j]);
      }
    }
    return rows.map((row) => row.slice(n));
  }

  // Logarithmic least squares over the answers: the fit y, and the inverse it came by.
  function fit(n, answers) {
    const laplacian = Array.from({ length: n }, () => new Array(n).fill(1));
    const sums = new Array(n).fill(0);
    for (const [i, j, value] of answers) {
      laplacian[i][j] = laplacian[j][i] = 0; // ones are added to every entry
      laplacian[i][i] += 1;
      laplacian[j][j] += 1;
      sums[i] += Math.log(value);
      sums[j] -= Math.log(value);
    }
    const inverted = inverse(laplacian);
    const y = inverted.map((row) => row.reduce((sum, value, j) => sum + value * sums[j], 0));
    return { inverted, y };
  }

  // Whether nothing contradicts anything: the fit goes through every answer.
  function agree(n, answers) {
    const { y } = fit(n, answers);
    return answers.every(([i, j, value]) => Math.abs(Math.log(value) - y[i] + y[j]) < 1e-9);
  }

  // The answer that hurts most, and the step nearest to what the others would have it be: as the
  // library's review has it, by logarithmic least squares. With its error e and leverage h (the
  // resistance between its items in the graph of answers) it hurts by e^2 / (1 - h), and the
  // others alone give the answer times exp(-e / (1 - h)).
  function worst(n, answers, worth) {
    const { inverted, y } = fit(n, answers);
    let found = null;
    for (const [i, j, value] of answers) {
      const error = Math.log(value) - y[i] + y[j];
      const free = Math.max(1 - inverted[i][i] - inverted[j][j] + 2 * inverted[i][j], 1e-9);
      const hurt = error ** 2 / free;
      if (found === null || hurt > found.hurt + 1e-12) { // of equal ones the first
        found = { i, j, hurt, fits: fitting(value * Math.exp(-error / free), worth) };
      }
    }
    return found;
  }

  // What can be said of the answers on a node, given as [[i, j, "1/3"], ...]:
  // {state: "none" | "islands" | "few" | "tested", cr, over, worst}.
  function judge(node, given, method) {
    const n = node.items.length;
    const answers = given.map(([i, j, answer]) => [i, j, node.worth[answer]]);
    const untested = { over: false, worst: null };
    if (n <= 2) return { state: "none", cr: 0, ...untested };
    if (islands(n, answers).length > 1) return { state: "islands", ...untested };
    if (answers.length === n - 1) return { state: "few", ...untested };
    if (agree(n, answers)) return { state: "tested", cr: 0, ...untested };
    const full = completed(matrix(n, answers));
    const found = principal(full);
    const missing = (n * (n - 1)) / 2 - answers.length;
    const cr = (lambdaOf(full, method, found) - n) / (n - 1) / node.ri[missing];
    const over = cr > node.limit;
    return { state: "tested", cr, over, worst: over ? worst(n, answers, node.worth) : null };
  }

  return { judge, islands };
})();
