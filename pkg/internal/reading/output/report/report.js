"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const root = document.documentElement;

  const fieldNames = {
    vi: { parent: "Cơ quan chủ quản", issuer: "Cơ quan ban hành", number: "Số, ký hiệu", place: "Địa danh", date: "Ngày", type: "Loại văn bản", subject: "Trích yếu",
      urgency: "Độ khẩn", secrecy: "Độ mật", copy: "Bản sao", addressees: "Kính gửi", authority: "Thẩm quyền ký", capacity: "Chức vụ", title: "Học hàm, cấp bậc",
      signer: "Người ký", recipients: "Nơi nhận", attachments: "Phụ lục", language: "Ngôn ngữ" },
    en: { parent: "Parent body", issuer: "Issuing body", number: "Number", place: "Place", date: "Date", type: "Type", subject: "Subject",
      urgency: "Urgency", secrecy: "Secrecy", copy: "Copy", addressees: "Addressees", authority: "Signed for", capacity: "Capacity", title: "Title",
      signer: "Signer", recipients: "Recipients", attachments: "Appendices", language: "Language" },
  };
  const T = {
    vi: {
      page: "Trang", doubt: "Đánh dấu dưới", "doubt.title": "Đánh dấu những từ có độ chắc chắn thấp hơn mức này", smaller: "Thu nhỏ ảnh (−)", larger: "Phóng to ảnh (+)",
      previous: "Trước", next: "Tiếp", figure: "Số, ngày", download: "Tải bản sửa", theme: "Sáng hoặc tối", save: "Lưu", right: "Đúng rồi", undo: "Như cũ", remove: "Bỏ",
      addword: "Thêm từ sau", addline: "Thêm dòng dưới", cancel: "Thôi", keys: "Phím tắt", word: "Sửa từ", text: "Chữ của từ", choices: "Cách đọc khác", read: "như máy đọc",
      letter: "Văn bản", fields: "Mọi trường", noText: "Trang này không có chữ.", noImage: "Không có ảnh: ", unread: "Không đọc được trang này: ", partly: "Có thể thiếu một phần trang này: ",
      marked: (n) => n + " từ cần xem", corrected: (n) => n + " chỗ đã sửa", notYet: ", chưa tải về", sure: (c) => "chắc " + c + " %", readAs: (s) => "máy đọc “" + s + "”",
      kinds: { stamp: "dấu", received: "dấu đến", handwriting: "chữ viết tay", overlay: "chữ in đè", watermark: "hình mờ", margin: "lề", rule: "đường kẻ", number: "số trang" },
      newWord: "Từ thêm", newLine: "Dòng thêm", earlier: (n) => "Tải " + n + " chỗ sửa lần trước", of: (n) => "/ " + n,
      help: [["N, Shift+N", "từ cần xem tiếp theo, trước đó"], ["F, Shift+F", "số, ngày tháng tiếp theo, trước đó"], ["← → ↑ ↓", "từng từ, từng dòng"], ["Enter", "sửa từ; lần nữa để lưu và đi tiếp"],
        ["Space", "đúng rồi, đi tiếp"], ["A, L", "thêm từ phía sau, dòng phía dưới"], ["Delete", "bỏ từ"], ["+ −", "phóng to, thu nhỏ ảnh"], ["Esc", "để như cũ"], ["kéo chuột trên ảnh", "thêm chữ ở chỗ đó"]],
    },
    en: {
      page: "Page", doubt: "Mark below", "doubt.title": "Words less certain than this are marked", smaller: "Smaller image (−)", larger: "Larger image (+)",
      previous: "Previous", next: "Next", figure: "Figures, dates", download: "Download corrections", theme: "Light or dark", save: "Save", right: "Right as it is", undo: "As it was", remove: "Remove",
      addword: "Add words after it", addline: "Add a line below", cancel: "Cancel", keys: "Keys", word: "Correct a word", text: "Text of the word", choices: "Other readings", read: "as read",
      letter: "Letter", fields: "All fields", noText: "No text on this page.", noImage: "No image: ", unread: "This page could not be read: ", partly: "Parts of this page may be missing: ",
      marked: (n) => n + (n === 1 ? " word is" : " words are") + " marked", corrected: (n) => n + " corrected", notYet: ", not downloaded yet", sure: (c) => c + " % certain", readAs: (s) => "read as “" + s + "”",
      kinds: { stamp: "stamp", received: "received stamp", handwriting: "handwriting", overlay: "overlay", watermark: "watermark", margin: "margin", rule: "rule", number: "page number" },
      newWord: "Added words", newLine: "Added line", earlier: (n) => "Download " + n + " earlier corrections", of: (n) => "of " + n,
      help: [["N, Shift+N", "next, previous marked word"], ["F, Shift+F", "next, previous figure or date"], ["← → ↑ ↓", "word by word, line by line"], ["Enter", "correct the word; once more to save and go on"],
        ["Space", "right as it is, go on"], ["A, L", "add words after it, a line below it"], ["Delete", "take the word out"], ["+ −", "zoom the image"], ["Esc", "leave it as it was"], ["drag on the image", "add text that stands there"]],
    },
  }[root.lang === "en" ? "en" : "vi"];
  const names = fieldNames[root.lang === "en" ? "en" : "vi"];
  const always = new Set(["issuer", "number", "date", "type", "subject", "signer"]); // fields shown even when empty

  const pages = []; // {n, w, h, e, i, k, x, lines, section, image64, height, made, added}
  const all = []; // words: {page, line, word, at, t, c, b, r, a, el}
  const corrections = new Map(); // word -> its new text; "" takes it out
  const added = []; // {page, line, word, add, to, box}
  const fields = []; // {letter, name, value, read, found, set, now}
  const base = Number(root.dataset.base), key = "congvan " + (root.dataset.sha256 || root.dataset.document);
  let current = null; // the word the keyboard is on
  let downloaded = true, earlier = null;

  const el = (tag, props, ...children) => {
    const e = Object.assign(document.createElement(tag), props);
    e.append(...children);
    return e;
  };
  const unpack = (text) => {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"))).json();
  };
  const tidy = (s) => s.normalize("NFC").replace(/\s+/g, " ").trim();

  // Marks.

  const level = () => Number($("doubt").value);
  const isMarked = (w) => w.c < level() && !corrections.has(w);
  const isFigure = (w) => /\p{Nd}/u.test(w.t) && !corrections.has(w);

  function paint(w) {
    if (!w.el) return;
    const to = corrections.get(w), on = isMarked(w), l = level();
    w.el.textContent = to || w.t;
    w.el.className = "w";
    const is = { u1: on && w.c >= l * 0.85, u2: on && w.c < l * 0.85 && w.c >= l * 0.6, u3: on && w.c < l * 0.6, fig: isFigure(w),
      done: to !== undefined, gone: to === "", here: w === current };
    for (const c in is) if (is[c]) w.el.classList.add(c);
    w.el.tabIndex = on || w === current ? 0 : -1;
  }

  function mark() {
    $("level").textContent = level() + " %";
    for (const w of all) paint(w);
    status();
  }

  const changes = () => corrections.size + added.length + fields.filter((f) => f.now !== f.value).length;

  function status() {
    const left = all.reduce((n, w) => n + isMarked(w), 0);
    const parts = [T.marked(left)], n = changes();
    if (n) parts.push(T.corrected(n) + (downloaded ? "" : T.notYet));
    $("status").textContent = parts.join(" · ");
    $("download").disabled = n === 0;
    $("next").disabled = $("previous").disabled = left === 0;
    $("figure").disabled = !all.some(isFigure);
  }

  // Pages have elements only while they are near what is seen: so many, at most.
  const mostWords = 1900;

  function make(p) {
    if (p.made) return;
    p.made = true;
    const article = el("article", {}, el("h2", { textContent: T.page + " " + p.n }));
    if (p.e) article.append(el("p", { className: "error", textContent: (p.lines.length ? T.partly : T.unread) + p.e }));
    const extra = (add, line, word) => added.filter((a) => a.page === p.n && a.add === add && a.line === line && a.word === word);
    let par = null;
    const addedSpan = (a) => {
      const s = el("span", { className: "w added", textContent: a.to, tabIndex: 0 });
      s.setAttribute("role", "button");
      s.added = a;
      return s;
    };
    const addedLines = (n) => {
      for (const a of extra("line", n, undefined)) par.append(el("span", { className: "line" }, addedSpan(a)));
    };
    if (added.some((a) => a.page === p.n && a.line === 0)) article.append(par = el("p"));
    addedLines(0);
    p.lines.forEach((l, i) => {
      if (l.p || !par) article.append(par = el("p"));
      const line = el("span", { className: "line" });
      if (l.o) Object.assign(line, { className: "line role", title: T.kinds[l.o] });
      line.append(...extra("words", i + 1, 0).flatMap((a) => [addedSpan(a), " "]));
      for (const w of l.words) {
        w.el = el("span");
        w.el.dataset.l = w.line;
        w.el.dataset.w = w.word;
        w.el.setAttribute("role", "button");
        w.el.word = w;
        paint(w);
        line.append(w.el, " ", ...extra("words", w.line, w.word).flatMap((a) => [addedSpan(a), " "]));
      }
      par.append(line);
      addedLines(i + 1);
    });
    if (!par && !p.e) article.append(el("p", { className: "none", textContent: T.noText }));
    p.section.replaceChildren();
    if (p.image64) {
      const img = el("img", { alt: "", width: p.i[0], height: p.i[1], draggable: false, src: source(p) });
      p.mark = el("div", { className: "mark", hidden: true });
      const regions = (p.g || []).map((g) => {
        const box = el("div", { className: "region", title: T.kinds[g.k] }, el("span", { textContent: T.kinds[g.k] }));
        const at = { left: g.b[0] / p.w, top: g.b[1] / p.h, width: g.b[2] / p.w, height: g.b[3] / p.h };
        for (const side in at) box.style[side] = 100 * at[side] + "%";
        return box;
      });
      p.sheet = el("div", { className: "sheet" }, img, ...regions, p.mark);
      p.sheet.page = p;
      p.section.append(el("figure", {}, p.sheet));
    } else if (p.x) p.section.append(el("figure", {}, el("p", { className: "error", textContent: T.noImage + p.x })));
    p.section.append(article);
    p.section.style.minHeight = "";
    if (current && current.page === p) place(p, current.b);
  }

  function drop(p) {
    if (!p.made) return;
    p.made = false;
    p.section.style.minHeight = p.section.offsetHeight + "px";
    p.section.replaceChildren();
    p.mark = p.sheet = null;
    for (const l of p.lines) for (const w of l.words) w.el = null;
  }

  function remake(p) {
    drop(p);
    make(p);
  }

  const source = (p) => "data:" + p.k + ";base64," + p.image64;

  function sync() {
    const h = innerHeight, near = [];
    for (const p of pages) {
      const r = p.section.getBoundingClientRect();
      if (r.bottom > -0.7 * h && r.top < 1.7 * h) near.push({ p, far: Math.max(0, r.top - h / 2, h / 2 - r.bottom) });
    }
    near.sort((a, b) => a.far - b.far);
    const keep = new Set();
    let n = 0;
    for (const { p, far } of near) {
      n += p.size;
      if (keep.size && n > mostWords && far > 0) break;
      keep.add(p);
    }
    for (const p of pages) if (!keep.has(p)) drop(p);
    for (const p of keep) make(p);
    if (near.length) $("jump").value = near[0].p.n;
  }

  let waiting = false;
  function soon() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; sync(); });
  }

  // Where a word is in the image.

  function place(p, b) {
    if (!p.mark || !b || !b[2]) return;
    const m = p.mark, pad = b[3] * 0.15;
    m.hidden = false;
    m.style.left = 100 * (b[0] - pad) / p.w + "%";
    m.style.top = 100 * (b[1] - pad) / p.h + "%";
    m.style.width = 100 * (b[2] + 2 * pad) / p.w + "%";
    m.style.height = 100 * (b[3] + 2 * pad) / p.h + "%";
    const f = m.closest("figure");
    const into = (at, size, scroll, room) => (at < scroll + 40 || at + size > scroll + room - 40 ? Math.max(0, at - room / 2) : scroll);
    f.scrollTop = into(m.offsetTop, m.offsetHeight, f.scrollTop, f.clientHeight);
    f.scrollLeft = into(m.offsetLeft, m.offsetWidth, f.scrollLeft, f.clientWidth);
  }

  function show(w) {
    const before = current;
    current = w;
    if (before) {
      paint(before);
      if (before.page.mark) before.page.mark.hidden = true;
    }
    if (!w) return;
    paint(w);
    place(w.page, w.b);
  }

  function go(w) {
    if (!w) return;
    if (!w.page.made) {
      w.page.section.scrollIntoView();
      sync();
      make(w.page);
    }
    show(w);
    w.el.focus({ preventScroll: true });
    w.el.scrollIntoView({ block: "nearest" });
    const r = w.el.getBoundingClientRect(), head = document.querySelector("header").offsetHeight;
    if (r.top < head + 10) scrollBy(0, r.top - head - 40);
    if (r.bottom > innerHeight - 20) scrollBy(0, r.bottom - innerHeight + 80);
  }

  function step(from, by, want) {
    for (let i = from.at + by; i >= 0 && i < all.length; i += by) if (want(all[i])) return all[i];
    return null;
  }

  const seek = (by, want) => current && step(current, by, want) || (by > 0 ? all.find(want) : all.findLast(want));

  // Where to go after a correction: to the next marked word, from the last to
  // the first, or nowhere when none is left.
  const onwards = (w) => step(w, 1, isMarked) || all.find(isMarked) || w;

  // The word above or below: in the nearest line, the nearest one.
  function vertical(w, by) {
    const p = w.page, i = pages.indexOf(p);
    const line = p.lines[w.line - 1 + by] || (by > 0 ? pages.slice(i + 1).find((q) => q.lines.length)?.lines[0] : pages.slice(0, i).findLast((q) => q.lines.length)?.lines.at(-1));
    if (!line) return null;
    const x = (o) => o.b[0] / o.page.w, near = (o) => Math.abs(x(o) - x(w));
    return line.words.reduce((a, o) => (near(o) < near(a) ? o : a));
  }

  // The editor. It is for a word, or for something that is added.

  const editor = $("editor"), text = $("text");
  let target = null; // a word, or an entry of added, in it or not yet

  const isWord = (t) => !!t && !t.add;
  const pageOf = (t) => (isWord(t) ? t.page : pages.find((p) => p.n === t.page));

  function open(t, at) {
    target = t;
    if (isWord(t)) show(t);
    text.value = isWord(t) ? corrections.get(t) || t.t : t.to;
    $("choices").replaceChildren();
    const facts = [];
    if (isWord(t)) {
      const seen = new Set([t.t]);
      const offer = (s, note) => {
        if (!s || seen.has(s)) return;
        seen.add(s);
        const b = el("button", { type: "button", textContent: s }, el("small", { textContent: note }));
        b.addEventListener("click", () => { text.value = s; save(); });
        $("choices").append(b);
      };
      for (const a of t.a || []) {
        const i = a.indexOf(" ");
        offer(a.slice(i + 1), a.slice(0, i) + " %");
      }
      if (t.r) offer(t.r, T.read);
      facts.push(T.sure(t.c));
      if (t.r) facts.push(T.readAs(t.r));
    } else facts.push(t.add === "line" ? T.newLine : T.newWord);
    $("facts").textContent = facts.join(" · ");
    $("undo").hidden = !isWord(t) || !corrections.has(t);
    $("right").hidden = $("addword").hidden = $("addline").hidden = !isWord(t);
    $("remove").hidden = !isWord(t) && !added.includes(t);
    editor.hidden = false;
    crop($("crop"), pageOf(t), isWord(t) ? t.b : t.box ? [t.box[0], t.box[1], t.box[2] - t.box[0], t.box[3] - t.box[1]] : null);
    const r = at.getBoundingClientRect();
    const left = Math.min(r.left, root.clientWidth - editor.offsetWidth - 16);
    const below = r.bottom + 8 + editor.offsetHeight < innerHeight;
    editor.style.left = Math.max(8, left) + scrollX + "px";
    editor.style.top = (below ? r.bottom + 8 : Math.max(8, r.top - editor.offsetHeight - 8)) + scrollY + "px";
    text.focus({ preventScroll: true });
    text.select();
  }

  const edit = (w) => { go(w); open(w, w.el); };
  const add = (w, kind) => open({ page: w.page.n, line: w.line, word: kind === "words" ? w.word : undefined, add: kind, to: "", box: undefined }, w.el);

  // A place as scanned, large, with its neighbours.
  function crop(c, p, b) {
    c.hidden = !p || !p.image64 || !b || !b[2];
    if (c.hidden) return;
    const img = new Image();
    img.onload = () => {
      const dpr = devicePixelRatio || 1;
      c.width = c.clientWidth * dpr;
      c.height = c.clientHeight * dpr;
      const k = img.naturalWidth / p.w;
      const height = Math.max(b[3] * 1.7, b[2] * 1.3 * c.height / c.width) * k;
      const width = height * c.width / c.height;
      const x = (b[0] + b[2] / 2) * k - width / 2, y = (b[1] + b[3] / 2) * k - height / 2;
      const g = c.getContext("2d");
      g.fillStyle = "#fff";
      g.fillRect(0, 0, c.width, c.height);
      g.imageSmoothingQuality = "high";
      g.drawImage(img, x, y, width, height, 0, 0, c.width, c.height);
      const z = c.width / width;
      g.strokeStyle = "#2f6fb5";
      g.lineWidth = 2 * dpr;
      g.strokeRect((b[0] * k - x) * z - 3 * dpr, (b[1] * k - y) * z - 3 * dpr, b[2] * k * z + 6 * dpr, b[3] * k * z + 6 * dpr);
    };
    img.src = source(p);
  }

  function close(then) {
    editor.hidden = true;
    target = null;
    if (then) go(then);
  }

  function changed() {
    downloaded = false;
    keep();
    status();
  }

  // set gives a word another text: its own says that it is right, undefined that nothing is
  // known.
  function set(w, to) {
    if (to === undefined) corrections.delete(w);
    else corrections.set(w, to);
    paint(w);
    changed();
  }

  function confirm(w) {
    set(w, w.t);
    close(onwards(w));
  }

  function save() {
    const t = target, to = tidy(text.value);
    if (!isWord(t)) {
      if (to) {
        t.to = to;
        if (!added.includes(t)) added.push(t);
        remake(pageOf(t));
        changed();
      }
      close(current);
      return;
    }
    if (to) set(t, to);
    close(onwards(t));
  }

  function remove() {
    const t = target;
    if (isWord(t)) {
      set(t, "");
      close(onwards(t));
      return;
    }
    added.splice(added.indexOf(t), 1);
    remake(pageOf(t));
    changed();
    close(current);
  }

  // Text is added where a box is drawn on the image: to the line beside it, or as a line
  // under the last one above.
  function addAt(p, b, at) {
    const mid = (o, i) => o[i] + o[i + 2] / 2;
    const boxOf = (l) => l.words.reduce((a, w) => [Math.min(a[0], w.b[0]), Math.min(a[1], w.b[1]), Math.max(a[2], w.b[0] + w.b[2]), Math.max(a[3], w.b[1] + w.b[3])], [1e9, 1e9, 0, 0]);
    let line = 0, best = 0.5, beside = 0;
    p.lines.forEach((l, i) => {
      const o = boxOf(l), over = (Math.min(o[3], b[1] + b[3]) - Math.max(o[1], b[1])) / Math.min(o[3] - o[1], b[3]);
      const apart = Math.max(o[0] - b[0] - b[2], b[0] - o[2]);
      if (over > best && apart < 4 * b[3]) { best = over; beside = i + 1; }
      if ((o[1] + o[3]) / 2 < mid(b, 1) && o[0] < b[0] + b[2] && o[2] > b[0]) line = i + 1;
    });
    const box = [b[0], b[1], b[0] + b[2], b[1] + b[3]].map(Math.round);
    if (beside) {
      const word = p.lines[beside - 1].words.filter((w) => mid(w.b, 0) < mid(b, 0)).length;
      open({ page: p.n, line: beside, word, add: "words", to: "", box }, at);
    } else open({ page: p.n, line, add: "line", to: "", box }, at);
  }

  // Fields of the letter.

  function showFields(every) {
    const panel = $("letter"), grid = el("dl");
    for (const f of fields) {
      if (!every && !f.value && f.now === f.value && !always.has(f.name)) continue;
      const input = el("input", { value: f.now });
      input.lang = "vi";
      const long = f.now.length > 60;
      const label = el("label", {}, el("span", { textContent: (fields.at(-1).letter ? f.letter + 1 + ". " : "") + names[f.name] }), input);
      const paintField = () => {
        label.className = (long ? "wide " : "") + (f.now !== f.value || f.set ? "done" : f.value && (f.read || f.found && 100 * f.found.confidence < level()) ? "doubtful" : "");
      };
      if (f.read) label.append(el("small", { textContent: T.readAs(f.read) }));
      paintField();
      input.addEventListener("change", () => { f.now = tidy(input.value); input.value = f.now; paintField(); changed(); });
      input.addEventListener("focus", () => {
        const s = f.found, p = s && pages.find((q) => q.n === s.page), b = s && s.box;
        crop(panel.querySelector("canvas"), p, b ? [b[0], b[1], b[2] - b[0], b[3] - b[1]] : null);
      });
      grid.append(label);
    }
    const more = el("button", { type: "button", textContent: T.fields, hidden: !!every });
    more.addEventListener("click", () => showFields(true));
    panel.replaceChildren(el("h2", { textContent: T.letter }), grid, el("canvas", { hidden: true }), more);
    panel.hidden = false;
  }

  // What was typed survives a closed window.

  function list() {
    const words = [...corrections].map(([w, to]) => ({ page: w.page.n, line: w.line, word: w.word, from: w.t, to }));
    words.sort((a, b) => a.page - b.page || a.line - b.line || a.word - b.word);
    return [...words, ...added, ...fields.filter((f) => f.now !== f.value).map((f) => ({ field: f.name, letter: f.letter || undefined, from: f.value, to: f.now }))];
  }

  function keep() {
    try {
      if (changes()) localStorage.setItem(key, JSON.stringify({ base, downloaded, list: list() }));
      else localStorage.removeItem(key);
    } catch { /* storage is off */ }
  }

  function recall() {
    let saved = null;
    try { saved = JSON.parse(localStorage.getItem(key)); } catch { return; }
    if (!saved || !Array.isArray(saved.list)) return;
    if (saved.base !== base) { // of this document before corrections were made in it
      earlier = saved;
      $("earlier").textContent = T.earlier(saved.list.length);
      $("earlier").hidden = false;
      return;
    }
    downloaded = saved.downloaded !== false;
    const byPlace = new Map(all.map((w) => [[w.page.n, w.line, w.word].join(" "), w]));
    for (const c of saved.list) {
      const w = byPlace.get([c.page, c.line, c.word].join(" "));
      const f = c.field && fields.find((g) => g.name === c.field && g.letter === (c.letter || 0));
      if (typeof c.to !== "string") continue;
      if (f) f.now = c.to;
      else if (c.add && pages.some((p) => p.n === c.page)) added.push(c);
      else if (w && w.t === c.from) corrections.set(w, c.to);
    }
  }

  function download(from, corrected) {
    const file = { schema: "congvan-corrections", version: 1, document: root.dataset.document, sha256: root.dataset.sha256, base: from || undefined, corrections: corrected };
    const url = URL.createObjectURL(new Blob([JSON.stringify(file, null, 1) + "\n"], { type: "application/json" }));
    const name = root.dataset.document.split(/[\\/]/).pop() + (from === base ? "" : ".earlier") + ".corrections.json";
    el("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  }

  // Events.

  document.addEventListener("click", (e) => {
    const s = e.target.closest(".w");
    if (s && s.word) edit(s.word);
    else if (s) open(s.added, s);
    else if (!editor.hidden && !editor.contains(e.target) && !e.target.closest(".sheet")) close();
  });

  document.addEventListener("focusin", (e) => {
    const w = e.target.word;
    if (w && w !== current) show(w);
  });

  // On the image a click opens the word there, and a box that is drawn is where text is
  // missing.
  let drawn = null;
  document.addEventListener("pointerdown", (e) => {
    const sheet = e.target.closest(".sheet");
    if (!sheet || e.button !== 0) return;
    e.preventDefault();
    drawn = { sheet, x: e.clientX, y: e.clientY, el: el("div", { className: "drawn" }) };
  });
  const drawnBox = (e) => {
    const r = drawn.sheet.getBoundingClientRect(), p = drawn.sheet.page;
    const x = (v) => Math.min(1, Math.max(0, (v - r.left) / r.width)), y = (v) => Math.min(1, Math.max(0, (v - r.top) / r.height));
    const x0 = Math.min(x(drawn.x), x(e.clientX)), y0 = Math.min(y(drawn.y), y(e.clientY));
    return { p, at: [x0, y0, Math.abs(x(drawn.x) - x(e.clientX)), Math.abs(y(drawn.y) - y(e.clientY))], far: Math.hypot(drawn.x - e.clientX, drawn.y - e.clientY) };
  };
  document.addEventListener("pointermove", (e) => {
    if (!drawn) return;
    const { at, far } = drawnBox(e);
    if (far < 6) return;
    if (!drawn.el.isConnected) drawn.sheet.append(drawn.el);
    ["left", "top", "width", "height"].forEach((s, i) => { drawn.el.style[s] = 100 * at[i] + "%"; });
  });
  document.addEventListener("pointerup", (e) => {
    if (!drawn) return;
    const { p, at, far } = drawnBox(e), box = [at[0] * p.w, at[1] * p.h, at[2] * p.w, at[3] * p.h], frame = drawn.el;
    drawn = null;
    if (far >= 6 && at[2] && at[3]) addAt(p, box, frame);
    else {
      const hit = p.lines.flatMap((l) => l.words).find((w) => box[0] >= w.b[0] && box[0] <= w.b[0] + w.b[2] && box[1] >= w.b[1] && box[1] <= w.b[1] + w.b[3]);
      if (hit) edit(hit);
      else if (!editor.hidden) close();
    }
    frame.remove();
  });

  editor.querySelector("form").addEventListener("submit", (e) => e.preventDefault());
  text.addEventListener("keydown", (e) => {
    // Enter may end a composition of an input method instead.
    if (e.key === "Enter" && !e.isComposing) { e.preventDefault(); save(); }
  });
  $("save").addEventListener("click", save);
  $("cancel").addEventListener("click", () => close(current));
  $("right").addEventListener("click", () => confirm(target));
  $("undo").addEventListener("click", () => { set(target, undefined); close(current); });
  $("remove").addEventListener("click", remove);
  $("addword").addEventListener("click", () => add(target, "words"));
  $("addline").addEventListener("click", () => add(target, "line"));
  $("next").addEventListener("click", () => go(seek(1, isMarked)));
  $("previous").addEventListener("click", () => go(seek(-1, isMarked)));
  $("figure").addEventListener("click", () => go(seek(1, isFigure)));
  $("download").addEventListener("click", () => { download(base, list()); downloaded = true; keep(); status(); });
  $("earlier").addEventListener("click", () => { download(earlier.base, earlier.list); $("earlier").hidden = true; });
  $("doubt").addEventListener("input", mark);
  $("theme").addEventListener("click", () => {
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  $("jump").addEventListener("change", (e) => {
    const p = pages.find((q) => q.n === Number(e.target.value));
    if (p) p.section.scrollIntoView();
  });

  let zoom = 1;
  function magnify(by) {
    zoom = Math.min(4, Math.max(1, zoom * by));
    root.style.setProperty("--zoom", zoom);
    if (current) place(current.page, current.b);
  }
  $("larger").addEventListener("click", () => magnify(1.25));
  $("smaller").addEventListener("click", () => magnify(0.8));

  document.addEventListener("keydown", (e) => {
    if (!editor.hidden) {
      if (e.key === "Escape") { e.preventDefault(); close(current); }
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName)) return;
    const on = e.target.word || (e.target === document.body ? current : null);
    const k = e.key.length === 1 ? e.key.toLowerCase() : e.key;
    const keys = {
      n: () => go(seek(e.shiftKey ? -1 : 1, isMarked)), f: () => go(seek(e.shiftKey ? -1 : 1, isFigure)),
      "+": () => magnify(1.25), "=": () => magnify(1.25), "-": () => magnify(0.8),
      ...(e.target.added && { Enter: () => open(e.target.added, e.target) }),
      ...(on && {
        Enter: () => edit(on), " ": () => confirm(on), a: () => { go(on); add(on, "words"); }, l: () => { go(on); add(on, "line"); },
        Delete: () => { set(on, ""); go(onwards(on)); },
        ArrowRight: () => go(step(on, 1, () => true)), ArrowLeft: () => go(step(on, -1, () => true)),
        ArrowDown: () => go(vertical(on, 1)), ArrowUp: () => go(vertical(on, -1)),
      }),
    };
    if (!keys[k] || e.target.tagName === "BUTTON" && /^( |Enter)$/.test(k)) return;
    e.preventDefault();
    keys[k]();
  });

  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  addEventListener("beforeunload", (e) => { if (!downloaded && changes()) e.preventDefault(); });

  // Start.

  for (const e of document.querySelectorAll("[data-t]")) e.textContent = T[e.dataset.t];
  for (const e of document.querySelectorAll("[data-h]")) { e.title = T[e.dataset.h]; e.setAttribute("aria-label", e.title); }
  editor.setAttribute("aria-label", T.word);
  text.setAttribute("aria-label", T.text);
  $("choices").setAttribute("aria-label", T.choices);
  $("help").querySelector("dl").append(...T.help.map(([k, what]) => el("div", {}, el("dt", {}, el("kbd", { textContent: k })), el("dd", { textContent: what }))));
  const h1 = document.querySelector("h1");
  h1.textContent = document.title;
  h1.title = root.dataset.document;
  $("doubt").value = root.dataset.doubt;
  document.querySelector("main").before($("letter"));

  async function start() {
    for (const section of document.querySelectorAll("main > section")) {
      const [words, image] = section.children;
      pages.push({ section, words64: words.textContent, image64: image.textContent, lines: [] });
      section.replaceChildren();
      section.style.minHeight = "100vh";
    }
    $("count").textContent = T.of(pages.length);
    $("jump").max = pages.length;
    for (let i = 0; i < pages.length; i += 20) {
      await Promise.all(pages.slice(i, i + 20).map(async (p) => {
        const d = await unpack(p.words64);
        p.lines = (d.l || []).map((l, li) => ({ p: l.p, o: l.o, words: l.w.map((w, wi) => ({ page: p, line: li + 1, word: wi + 1, ...w })) }));
        p.size = p.lines.reduce((n, l) => n + l.words.length + 1, 5);
        delete d.l;
        Object.assign(p, d, { words64: null });
        p.section.setAttribute("aria-label", T.page + " " + p.n);
      }));
      if (i === 0) sync();
    }
    for (const p of pages) for (const l of p.lines) for (const w of l.words) { w.at = all.length; all.push(w); }
    fields.push(...(await unpack($("fields").textContent)).map((f) => ({ ...f, now: f.value })));
    recall();
    showFields(false);
    pages.forEach(drop);
    sync();
    mark();
    root.dataset.ready = "true";
  }
  start();
})();
