"use strict";
// The questionnaire. Everything a person wrote (labels, names, categories) arrives as data and
// is put into the page as text, never as markup.
(() => {
  const form = JSON.parse(document.getElementById("form").textContent);
  const texts = form.texts;
  const STEPS = ["9", "8", "7", "6", "5", "4", "3", "2", "1",
    "1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9"];
  const EQUAL = 8; // where "1" stands among the steps
  const SKIPPED = ""; // null is a pair not answered yet
  const shown = []; // per node: its elements, filled while the page is built

  const answers = form.nodes.map((node) => [...node.answers]);

  // -- words ---------------------------------------------------------------------------------

  function say(key, parts = {}) {
    return texts[key].replace(/\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  }

  function element(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null) made.setAttribute(name, value);
    }
    made.append(...children); // text stays text
    return made;
  }

  function named(node, pair) {
    const [i, j] = node.pairs[pair];
    return { a: node.labels[i], b: node.labels[j], node: node.label };
  }

  function question(node, pair) {
    return say(node.levels ? "question_levels" : "question", named(node, pair));
  }

  // "Sales is moderately more important than credit"
  function sentence(node, pair, value) {
    const { a, b } = named(node, pair);
    const step = STEPS.indexOf(value);
    if (step === -1) return say("off_scale", { value });
    if (step === EQUAL) return say(node.levels ? "equal_levels" : "equal", { a, b });
    const degree = texts.degrees[Math.abs(step - EQUAL)];
    const [strong, weak] = step < EQUAL ? [a, b] : [b, a];
    return say(node.levels ? "answer_levels" : "answer", { a: strong, b: weak, degree });
  }

  // -- building ------------------------------------------------------------------------------

  function build() {
    const restored = restore();
    const main = element("main", {}, ...form.nodes.map(section));
    const top = bar();
    document.body.append(introduction(), top, contents(), main, confirmation());
    // What stays in sight below the bar has to know how high it is.
    new ResizeObserver(() => document.documentElement.style
      .setProperty("--bar", `${top.offsetHeight}px`)).observe(top);
    form.nodes.forEach((node, n) => {
      node.pairs.forEach((_, p) => showPair(n, p));
      showNode(n);
    });
    showProgress();
    if (!store) tell(texts.not_kept);
    else if (restored) tell(texts.restored);
  }

  function introduction() {
    return element("header", { class: "introduction" },
      element("p", { class: "addressee" }, form.addressee),
      element("h1", {}, form.title),
      element("p", {}, texts.intro),
      element("p", { class: "keys" }, texts.intro_keys),
      element("p", { class: "kept" }, store ? texts.intro_kept : texts.not_kept));
  }

  function bar() {
    const next = element("button", { type: "button", id: "next" }, texts.next);
    const save = element("button", { type: "button", id: "save", class: "main" }, texts.save);
    next.addEventListener("click", () => goToNext(lastVisited));
    save.addEventListener("click", askToSave);
    return element("div", { class: "bar" },
      element("div", { class: "progress" },
        element("progress", { id: "progress", "aria-labelledby": "progress-text" }),
        element("span", { id: "progress-text" })),
      element("div", { class: "actions" }, next, save),
      element("p", { role: "status", id: "status" }));
  }

  // One sentence in the bar, until the next answer.
  function tell(text) {
    document.getElementById("status").textContent = text;
  }

  function contents() {
    const entries = form.nodes.map((node, n) => element("li", {},
      element("a", { href: `#node-${n}` },
        element("span", {}, node.label),
        element("span", { class: "small", id: `entry-${n}` }))));
    return element("nav", { "aria-label": texts.contents, hidden: form.nodes.length < 2 },
      element("ol", {}, ...entries));
  }

  function section(node, n) {
    const cr = element("p", { class: "cr", "aria-live": "polite" });
    const count = element("p", { class: "count" });
    const pairs = node.pairs.map((_, p) => pairOf(node, n, p));
    shown[n] = { cr, count, pairs };
    const heading = say(node.levels ? "heading_levels" : "heading", { node: node.label });
    return element("section", { id: `node-${n}`, "aria-labelledby": `heading-${n}` },
      element("div", { class: "head" },
        element("h2", { id: `heading-${n}` }, heading), count, cr),
      anchors(),
      element("ol", { class: "pairs" }, ...pairs.map((pair) => pair.line)));
  }

  // Words above the scale's odd steps; each radio button says the same of itself.
  function anchors() {
    const words = STEPS.map((_, step) => {
      const degree = Math.abs(step - EQUAL);
      if (degree % 2) return element("span");
      return element("span", {}, degree ? texts.degrees[degree] : texts.equal_short);
    });
    return element("div", { class: "anchors", "aria-hidden": "true" },
      element("div", { class: "words" }, ...words));
  }

  function pairOf(node, n, p) {
    const { a, b } = named(node, p);
    const inputs = STEPS.map((value) => element("input", {
      type: "radio", name: `node-${n}-pair-${p}`, value,
      "aria-label": `${value}: ${sentence(node, p, value)}`,
    }));
    const steps = inputs.map((input, k) => {
      const shownAs = element("span", { "aria-hidden": "true" }, String(Math.abs(k - EQUAL) + 1));
      if (k === EQUAL) shownAs.append(element("span", { class: "word" }, texts.equal_short));
      return element("label", { class: sideOf(k) }, input, shownAs);
    });
    const said = element("p", { class: "said" });
    const skip = element("button", { type: "button", class: "skip" }, texts.skip);
    const hint = element("p", { class: "hint", id: `hint-${n}-${p}`, hidden: true });
    const field = element("fieldset", {},
      element("legend", {}, question(node, p)),
      element("span", { class: "item first", "aria-hidden": "true" }, a),
      element("div", { class: "scale" }, ...steps),
      element("span", { class: "item second", "aria-hidden": "true" }, b),
      element("div", { class: "below" }, said, skip),
      hint);
    const line = element("li", { id: `pair-${n}-${p}` }, field);
    field.addEventListener("change", (event) => answer(n, p, event.target.value));
    field.querySelector(".scale").addEventListener("keydown", (event) => byKey(event, n, p));
    skip.addEventListener("click", () => {
      answer(n, p, answers[n][p] === null ? SKIPPED : null);
      skip.focus();
    });
    return { line, inputs, steps, said, skip, hint, field };
  }

  function sideOf(step) {
    return step < EQUAL ? "step first" : step > EQUAL ? "step second" : "step equal";
  }

  function confirmation() {
    const back = element("button", { type: "button", class: "main" }, texts.go_back);
    const anyway = element("button", { type: "button", id: "save-anyway" }, texts.save_anyway);
    const dialog = element("dialog", { id: "confirm", "aria-labelledby": "confirm-heading" },
      element("h2", { id: "confirm-heading" }, texts.confirm_heading),
      element("div", { id: "confirm-text" }),
      element("div", { class: "actions" }, anyway, back));
    back.addEventListener("click", () => {
      dialog.close();
      goToNext("");
    });
    anyway.addEventListener("click", () => {
      dialog.close();
      save();
    });
    return dialog;
  }

  // -- answering -----------------------------------------------------------------------------

  function answer(n, p, value) {
    answers[n][p] = value;
    showPair(n, p);
    showNode(n);
    showProgress();
    tell("");
    keep();
  }

  // Arrows stop at the ends (a browser's own would jump from one extreme to the other), and
  // start from equal.
  function byKey(event, n, p) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const { inputs } = shown[n].pairs[p];
    const now = STEPS.indexOf(answers[n][p]);
    const from = now === -1 ? EQUAL : now;
    const goal = {
      ArrowLeft: from - 1, ArrowUp: from - 1, ArrowRight: from + 1, ArrowDown: from + 1,
      Home: 0, End: STEPS.length - 1,
    }[event.key];
    if (goal !== undefined) {
      event.preventDefault();
      const step = Math.min(STEPS.length - 1, Math.max(0, goal));
      answer(n, p, STEPS[step]);
      inputs[step].focus();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      answer(n, p, null);
      inputs[EQUAL].focus();
    }
  }

  function open() {
    return answers.flatMap((given, n) =>
      given.flatMap((value, p) => (value === null ? [[n, p]] : [])));
  }

  // The first open pair after the line with that id, or from the top.
  function goToNext(here) {
    const left = open();
    const [, fromNode, fromPair] = /^pair-(\d+)-(\d+)$/.exec(here) ?? [null, -1, -1];
    const after = left.find(([n, p]) => n > fromNode || (n === +fromNode && p > fromPair));
    const [n, p] = after ?? left[0] ?? [];
    if (n === undefined) {
      tell(texts.all_done);
      return;
    }
    const { line, inputs } = shown[n].pairs[p];
    line.scrollIntoView({ block: "center" });
    inputs[EQUAL].focus({ preventScroll: true });
  }

  let lastVisited = ""; // by its line's id
  document.addEventListener("focusin", (event) => {
    const line = event.target.closest("li[id^=pair]");
    if (line) lastVisited = line.id;
  });

  // -- showing -------------------------------------------------------------------------------

  function showPair(n, p) {
    const value = answers[n][p];
    const step = STEPS.indexOf(value);
    const { line, inputs, steps, said, skip } = shown[n].pairs[p];
    inputs.forEach((input, k) => {
      input.checked = k === step;
      // Of a group without an answer only the middle is reached by Tab.
      input.tabIndex = step === -1 && k !== EQUAL ? -1 : 0;
      const between = step !== -1 && k !== step &&
        (step < EQUAL ? k > step && k <= EQUAL : k < step && k >= EQUAL);
      steps[k].classList.toggle("between", between);
    });
    line.dataset.state = value === null ? "open" : value === SKIPPED ? "skipped" : "answered";
    const node = form.nodes[n];
    said.textContent = value === null ? question(node, p)
      : value === SKIPPED ? texts.skipped : sentence(node, p, value);
    skip.textContent = value === null ? texts.skip : texts.take_back;
    skip.setAttribute("aria-label", `${skip.textContent}: ${question(node, p)}`);
  }

  function given(n) {
    return form.nodes[n].pairs.flatMap(([i, j], p) =>
      (answers[n][p] ? [[i, j, answers[n][p]]] : []));
  }

  function showNode(n) {
    const node = form.nodes[n];
    const { cr, count, pairs } = shown[n];
    const pairsGiven = given(n);
    const found = consistency.judge(node, pairsGiven, form.method);
    count.textContent = say("progress", { answered: pairsGiven.length, asked: pairs.length });
    document.getElementById(`entry-${n}`).textContent = `${pairsGiven.length}/${pairs.length}`;
    cr.dataset.state = found.over ? "over" : found.state;
    cr.dataset.cr = found.cr ?? "";
    cr.hidden = found.state === "none";
    cr.replaceChildren(...verdict(found, node));
    pairs.forEach((_, p) => showHint(n, p, found.worst));
  }

  function verdict(found, node) {
    if (found.state === "islands") return [texts.cr_islands];
    if (found.state === "few") return [texts.cr_few];
    if (found.state === "none") return [texts.cr_none];
    const twoDigits = node.limit.toFixed(2);
    const limit = Number(twoDigits) === node.limit ? twoDigits : String(node.limit);
    const figures = say("cr", { cr: Math.max(0, found.cr).toFixed(3), limit });
    return [
      element("span", { class: "mark", "aria-hidden": "true" }, found.over ? "!" : "✓"),
      element("span", { class: "figures" }, figures),
      element("span", {}, found.over ? texts.cr_bad : texts.cr_good),
    ];
  }

  function showHint(n, p, worst) {
    const node = form.nodes[n];
    const { line, steps, hint, field } = shown[n].pairs[p];
    const [i, j] = node.pairs[p];
    const marked = worst !== null && worst.i === i && worst.j === j;
    line.classList.toggle("worst", marked);
    steps.forEach((step, k) =>
      step.classList.toggle("fits", marked && STEPS[k] === worst.fits));
    hint.hidden = !marked;
    const agrees = marked && worst.fits === answers[n][p]; // to the nearest step
    hint.textContent = !marked ? "" : agrees ? texts.worst_step
      : say("worst", { answer: sentence(node, p, worst.fits), value: worst.fits });
    if (marked) field.setAttribute("aria-describedby", hint.id);
    else field.removeAttribute("aria-describedby");
  }

  function showProgress() {
    const every = answers.flat();
    const answered = every.filter((value) => value).length;
    const progress = document.getElementById("progress");
    progress.max = every.length;
    progress.value = answered;
    document.getElementById("progress-text").textContent =
      say("progress", { answered, asked: every.length });
  }

  // -- keeping -------------------------------------------------------------------------------

  // Null where the browser refuses to keep anything, as some do for local files.
  const store = (() => {
    try {
      const place = window.localStorage;
      place.setItem("ahpvalue", "");
      place.removeItem("ahpvalue");
      return place;
    } catch {
      return null;
    }
  })();

  function keep() {
    const kept = Object.fromEntries(form.nodes.map((node, n) => [node.name,
      Object.fromEntries(node.pairs.map((pair, p) => [pair.join("-"), answers[n][p]]))]));
    try {
      store?.setItem(form.keep, JSON.stringify(kept));
    } catch {
      tell(texts.not_kept);
    }
  }

  function restore() {
    let kept = null;
    try {
      kept = JSON.parse(store?.getItem(form.keep) ?? "null");
    } catch {
      return false;
    }
    form.nodes.forEach((node, n) => node.pairs.forEach((pair, p) => {
      const value = kept?.[node.name]?.[pair.join("-")];
      if (value === null || value === SKIPPED || STEPS.includes(value)) answers[n][p] = value;
    }));
    return kept !== null;
  }

  // -- saving --------------------------------------------------------------------------------

  function askToSave() {
    const left = answers.flat().filter((value) => !value);
    if (!left.length) {
      save();
      return;
    }
    const skipped = left.filter((value) => value === SKIPPED).length;
    const asked = answers.flat().length;
    const warnings = [say("confirm", { open: left.length, asked, skipped })];
    form.nodes.forEach((node, n) => {
      const parts = consistency.islands(node.items.length, given(n));
      if (parts.length === 1 || !given(n).length) return;
      const first = new Set(parts[0]);
      const joining = node.pairs.findIndex(([i, j]) => first.has(i) !== first.has(j));
      if (joining !== -1) warnings.push(say("confirm_islands", named(node, joining)));
    });
    document.getElementById("confirm-text")
      .replaceChildren(...warnings.map((text) => element("p", {}, text)));
    document.getElementById("confirm").showModal();
  }

  function save() {
    const file = `${form.expert}.yaml`;
    const content = new Blob([expertFile(form, answers)], { type: "application/yaml;charset=utf-8" });
    const link = element("a", { href: URL.createObjectURL(content), download: file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    tell(say("saved", { file }));
  }

  build();
})();
