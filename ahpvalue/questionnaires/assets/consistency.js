"use strict";
// How far the answers on one node agree with each other. The same formulas as the library's
// judgments room, to the same last digits that matter; random indices come from there as
// numbers, so that no table stands here.
const consistency = (() => {
  const LARGEST = Math.log(9); // completed entries stay on the scale
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

  // Missing entries such that the principal eigenvalue is smallest, each within [1/9, 9]:
  // at the minimum x_ij^2 = u_j v_i / (u_i v_j) with left and right eigenvectors u and v.
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
        const within = Math.min(LARGEST, Math.max(-LARGEST, best));
        change = Math.max(change, Math.abs(within - Math.log(full[i][j])));
        full[i][j] = Math.exp(within);
        full[j][i] = Math.exp(-within);
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

  // The step of the scale nearest to a ratio of weights, as [strength, towards the first?].
  function fitting(ratio) {
    const up = ratio >= 1;
    const strength = Math.min(9, Math.floor((up ? ratio : 1 / ratio) + 0.5));
    return up || strength === 1 ? String(strength) : `1/${strength}`;
  }

  // The answer farthest from the weights, and what would fit.
  function worst(answers, w) {
    let found = null;
    for (const [i, j, value] of answers) {
      const error = Math.abs(Math.log((value * w[j]) / w[i]));
      if (error > 1e-9 && (found === null || error > found.error + 1e-12)) {
        found = { i, j, error, fits: fitting(w[i] / w[j]) };
      }
    }
    return found;
  }

  // What can be said of the answers on a node:
  // {state: "none" | "islands" | "few" | "tested", cr, over, worst, islands}.
  function judge(n, answers, ri, limit, method) {
    if (n <= 2) return { state: "none", cr: 0, over: false, worst: null };
    const parts = islands(n, answers);
    if (parts.length > 1) return { state: "islands", over: false, worst: null, islands: parts };
    const missing = (n * (n - 1)) / 2 - answers.length;
    if (answers.length === n - 1) return { state: "few", over: false, worst: null };
    const full = completed(matrix(n, answers));
    const found = principal(full);
    const cr = (lambdaOf(full, method, found) - n) / (n - 1) / ri[missing];
    const over = cr > limit;
    return { state: "tested", cr, over, worst: over ? worst(answers, found.w) : null };
  }

  return { judge, islands };
})();
