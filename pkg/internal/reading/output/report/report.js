"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;
  const words = [...document.querySelectorAll(".w")];
  const pages = [...document.querySelectorAll(".page")];
  const corrections = new Map(); // place -> {page, line, word, from, to}
  const key = "congvan " + (root.dataset.sha256 || root.dataset.document);
  let current = null; // the word the keyboard is on
  let downloaded = true;

  const pageOf = (w) => w.closest(".page");
  const place = (w) => [pageOf(w).dataset.page, w.dataset.l, w.dataset.w].join(" ");
  for (const w of words) w.original = w.textContent;

  // Marks.

  function isMarked(w) {
    return Number(w.dataset.c) < Number($("doubt").value) && !corrections.has(place(w));
  }

  function mark() {
    const level = Number($("doubt").value);
    $("level").textContent = level + " %";
    for (const w of words) {
      const c = Number(w.dataset.c);
      const on = isMarked(w);
      w.classList.toggle("u1", on && c >= level * 0.85);
      w.classList.toggle("u2", on && c < level * 0.85 && c >= level * 0.6);
      w.classList.toggle("u3", on && c < level * 0.6);
      w.tabIndex = on || w === current ? 0 : -1;
    }
    status();
  }

  function status() {
    const left = words.filter(isMarked).length;
    const parts = [left + (left === 1 ? " word is" : " words are") + " marked"];
    if (corrections.size) parts.push(corrections.size + " corrected" + (downloaded ? "" : ", not downloaded yet"));
    $("status").textContent = parts.join(" · ");
    $("download").disabled = corrections.size === 0;
    $("next").disabled = $("previous").disabled = left === 0;
  }

  // Where a word is in the image.

  function box(w) {
    const [x, y, width, height] = w.dataset.b.split(" ").map(Number);
    return { x, y, width, height };
  }

  function show(w) {
    if (current) current.classList.remove("here");
    for (const m of document.querySelectorAll(".mark")) m.hidden = true;
    const before = current;
    current = w;
    if (before && before !== w) before.tabIndex = isMarked(before) ? 0 : -1;
    if (!w) return;
    w.tabIndex = 0;
    w.classList.add("here");
    const page = pageOf(w);
    const m = page.querySelector(".mark");
    const b = box(w);
    if (!m || !b.width) return;
    const pw = Number(page.dataset.width), ph = Number(page.dataset.height), pad = b.height * 0.15;
    m.hidden = false;
    m.style.left = 100 * (b.x - pad) / pw + "%";
    m.style.top = 100 * (b.y - pad) / ph + "%";
    m.style.width = 100 * (b.width + 2 * pad) / pw + "%";
    m.style.height = 100 * (b.height + 2 * pad) / ph + "%";
    const f = page.querySelector("figure");
    const top = m.offsetTop, room = f.clientHeight;
    if (top < f.scrollTop + 40 || top + m.offsetHeight > f.scrollTop + room - 40) f.scrollTop = Math.max(0, top - room / 2);
  }

  function go(w) {
    if (!w) return;
    show(w);
    w.focus({ preventScroll: true });
    w.scrollIntoView({ block: "nearest" });
    const r = w.getBoundingClientRect(), head = document.querySelector("header").offsetHeight;
    if (r.top < head + 10) window.scrollBy(0, r.top - head - 40);
    if (r.bottom > innerHeight - 20) window.scrollBy(0, r.bottom - innerHeight + 80);
  }

  function step(from, by, want) {
    for (let i = words.indexOf(from) + by; i >= 0 && i < words.length; i += by) if (want(words[i])) return words[i];
    return null;
  }

  function nextMarked(by) {
    return current && step(current, by, isMarked) || (by > 0 ? words.find(isMarked) : words.findLast(isMarked));
  }

  // Where to go after a correction: to the next marked word, from the last to
  // the first, or nowhere when none is left.
  function onwards(w) {
    return step(w, 1, isMarked) || words.find(isMarked) || w;
  }

  // The word above or below: in the nearest line, the nearest one.
  function vertical(w, by) {
    const lines = [...document.querySelectorAll(".line")];
    const line = lines[lines.indexOf(w.parentElement) + by];
    if (!line) return null;
    const x = w.getBoundingClientRect().left;
    let best = null, least = Infinity;
    for (const o of line.querySelectorAll(".w")) {
      const d = Math.abs(o.getBoundingClientRect().left - x);
      if (d < least) { best = o; least = d; }
    }
    return best;
  }

  // The editor.

  const editor = $("editor"), text = $("text");

  function open(w) {
    show(w);
    text.value = corrections.has(place(w)) ? corrections.get(place(w)).to : w.original;
    $("choices").replaceChildren();
    const seen = new Set([w.original]);
    const offer = (s, note) => {
      if (!s || seen.has(s) && s !== w.original) return;
      seen.add(s);
      const b = document.createElement("button"), small = document.createElement("small");
      b.type = "button";
      b.textContent = s;
      small.textContent = note;
      b.append(small);
      b.addEventListener("click", () => { text.value = s; save(); });
      $("choices").append(b);
    };
    for (const a of (w.dataset.a || "").split("\n")) {
      const i = a.indexOf(" ");
      if (i > 0) offer(a.slice(i + 1), a.slice(0, i) + " %");
    }
    if (w.dataset.r && !seen.has(w.dataset.r)) offer(w.dataset.r, "as read");
    const facts = [w.dataset.c + " % certain"];
    if (w.dataset.r) facts.push("read as “" + w.dataset.r + "”");
    $("facts").textContent = facts.join(" · ");
    $("undo").hidden = !corrections.has(place(w));
    editor.hidden = false;
    crop(w);
    const r = w.getBoundingClientRect();
    const left = Math.min(r.left, document.documentElement.clientWidth - editor.offsetWidth - 16);
    const below = r.bottom + 8 + editor.offsetHeight < innerHeight;
    editor.style.left = Math.max(8, left) + scrollX + "px";
    editor.style.top = (below ? r.bottom + 8 : Math.max(8, r.top - editor.offsetHeight - 8)) + scrollY + "px";
    text.focus({ preventScroll: true });
    text.select();
  }

  // The word as scanned, large, with its neighbours.
  function crop(w) {
    const page = pageOf(w), img = page.querySelector("img"), c = $("crop"), b = box(w);
    c.hidden = !img || !b.width;
    if (c.hidden) return;
    const dpr = window.devicePixelRatio || 1;
    c.width = c.clientWidth * dpr;
    c.height = c.clientHeight * dpr;
    const k = img.naturalWidth / Number(page.dataset.width);
    const height = Math.max(b.height * 1.7, b.width * 1.3 * c.height / c.width) * k;
    const width = height * c.width / c.height;
    const x = (b.x + b.width / 2) * k - width / 2, y = (b.y + b.height / 2) * k - height / 2;
    const g = c.getContext("2d");
    g.fillStyle = "#fff";
    g.fillRect(0, 0, c.width, c.height);
    g.imageSmoothingQuality = "high";
    g.drawImage(img, x, y, width, height, 0, 0, c.width, c.height);
    const z = c.width / width;
    g.strokeStyle = "#2f6fb5";
    g.lineWidth = 2 * dpr;
    g.strokeRect((b.x * k - x) * z - 3 * dpr, (b.y * k - y) * z - 3 * dpr, b.width * k * z + 6 * dpr, b.height * k * z + 6 * dpr);
  }

  function close(then) {
    editor.hidden = true;
    if (then) go(then);
  }

  function set(w, to) {
    const p = place(w);
    if (to === w.original) corrections.delete(p);
    else {
      const [page, line, word] = p.split(" ").map(Number);
      corrections.set(p, { page, line, word, from: w.original, to });
    }
    paint(w);
    downloaded = false;
    keep();
    mark();
  }

  function paint(w) {
    const c = corrections.get(place(w));
    w.textContent = c && c.to ? c.to : w.original;
    w.classList.toggle("done", !!c);
    w.classList.toggle("gone", !!c && !c.to);
  }

  const tidy = (s) => s.normalize("NFC").replace(/\s+/g, " ").trim();

  function save() {
    const w = current;
    const to = tidy(text.value);
    if (to) set(w, to);
    close(onwards(w));
  }

  // What was typed survives a closed window.
  function keep() {
    try {
      if (corrections.size) localStorage.setItem(key, JSON.stringify([...corrections.values()]));
      else localStorage.removeItem(key);
    } catch { /* storage is off */ }
  }

  function recall() {
    let saved = [];
    try { saved = JSON.parse(localStorage.getItem(key)) || []; } catch { return; }
    const byPlace = new Map(words.map((w) => [place(w), w]));
    for (const c of saved) {
      const p = [c.page, c.line, c.word].join(" "), w = byPlace.get(p);
      if (w && w.original === c.from && typeof c.to === "string") {
        corrections.set(p, { page: c.page, line: c.line, word: c.word, from: c.from, to: c.to });
        paint(w);
      }
    }
  }

  function download() {
    const list = [...corrections.values()].sort((a, b) => a.page - b.page || a.line - b.line || a.word - b.word);
    const data = { schema: "congvan-corrections", version: 1, document: root.dataset.document, sha256: root.dataset.sha256, corrections: list };
    const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 1) + "\n"], { type: "application/json" }));
    const a = document.createElement("a");
    a.href = url;
    a.download = root.dataset.document.split(/[\\/]/).pop() + ".corrections.json";
    a.click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
    downloaded = true;
    status();
  }

  // Events.

  document.addEventListener("click", (e) => {
    const w = e.target.closest(".w");
    if (w) { go(w); open(w); return; }
    if (!editor.hidden && !editor.contains(e.target)) close();
  });

  document.addEventListener("focusin", (e) => {
    if (e.target.classList.contains("w") && e.target !== current) show(e.target);
  });

  for (const img of document.querySelectorAll(".sheet img")) {
    img.addEventListener("click", (e) => {
      const page = img.closest(".page"), r = img.getBoundingClientRect();
      const x = (e.clientX - r.left) / r.width * Number(page.dataset.width);
      const y = (e.clientY - r.top) / r.height * Number(page.dataset.height);
      const hit = [...page.querySelectorAll(".w")].find((w) => {
        const b = box(w);
        return x >= b.x && x <= b.x + b.width && y >= b.y && y <= b.y + b.height;
      });
      if (hit) { e.stopPropagation(); go(hit); open(hit); }
    });
  }

  editor.querySelector("form").addEventListener("submit", (e) => e.preventDefault());
  text.addEventListener("keydown", (e) => {
    // Enter may end a composition of an input method instead.
    if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); save(); }
  });
  $("save").addEventListener("click", save);
  $("cancel").addEventListener("click", () => close(current));
  $("undo").addEventListener("click", () => { set(current, current.original); close(current); });
  $("remove").addEventListener("click", () => { const w = current; set(w, ""); close(onwards(w)); });
  $("next").addEventListener("click", () => go(nextMarked(1)));
  $("previous").addEventListener("click", () => go(nextMarked(-1)));
  $("download").addEventListener("click", download);
  $("doubt").addEventListener("input", mark);
  $("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  $("jump").addEventListener("change", (e) => $("page-" + e.target.value).scrollIntoView());

  document.addEventListener("keydown", (e) => {
    if (!editor.hidden) {
      if (e.key === "Escape") { e.preventDefault(); close(current); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
    const on = e.target.classList && e.target.classList.contains("w") ? e.target : null;
    let to = null;
    if (e.key === "n" || e.key === "N") to = nextMarked(e.shiftKey ? -1 : 1);
    else if (!on) return;
    else if (e.key === "Enter" || e.key === " ") { e.preventDefault(); open(on); return; }
    else if (e.key === "ArrowRight") to = step(on, 1, () => true);
    else if (e.key === "ArrowLeft") to = step(on, -1, () => true);
    else if (e.key === "ArrowDown") to = vertical(on, 1);
    else if (e.key === "ArrowUp") to = vertical(on, -1);
    else return;
    e.preventDefault();
    go(to);
  });

  window.addEventListener("beforeunload", (e) => { if (!downloaded && corrections.size) e.preventDefault(); });

  // Start.

  for (const w of words) w.setAttribute("role", "button");
  for (const p of pages) {
    const o = document.createElement("option");
    o.value = o.textContent = p.dataset.page;
    $("jump").append(o);
  }
  if ($("letter")) document.querySelector("main").prepend($("letter"));
  recall();
  mark();
})();
