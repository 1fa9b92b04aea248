"use strict";
(() => {
  const root = document.documentElement, chart = document.getElementById("chart");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const by = (id) => document.getElementById(id);
  const make = (tag, text, of = {}) => Object.assign(document.createElement(tag), { textContent: text }, of);
  const said = by("said"), data = by("data"), { days = [], odds = [], at: moments = [] } = data ? JSON.parse(data.textContent) : {};
  root.classList.add("js");
  // what stands once in the file and is wanted in many places: the words of the key, the axis, publishers
  const words_of_key = new Map(all(".key-line .k").map((one) => [one.className, one.nextSibling.textContent]));
  for (const one of all("#chart .k")) { one.setAttribute("role", "img"); one.ariaLabel = words_of_key.get(one.className); }
  for (const one of all("figure use")) one.replaceWith(...by("axis").cloneNode(true).childNodes);
  const about_source = (link) => by(link.hash.slice(1)).querySelector("small")?.textContent.split(" · ") ?? [];
  for (const link of all(".src a")) { const [publisher] = about_source(link); if (publisher) link.after(` ${publisher}:`); }
  // on a narrow screen rows are stacked by the style; to a reader they stay tables
  const roles = { table: "table", "thead,tbody": "rowgroup", tr: "row", td: "cell", "th[scope=col]": "columnheader", "th[scope=row]": "rowheader" };
  for (const [selector, role] of Object.entries(roles)) for (const one of all(selector)) one.setAttribute("role", role);
  for (const table of all("table.figures")) {
    const heads = all("thead th", table).map((one) => one.textContent);
    for (const row of all("tbody tr", table)) [...row.cells].forEach((one, place) => { one.dataset.h = heads[place]; });
  }

  // ── what is shown: search, date, channels, the column beside; all of it in the address ─────
  const rows = all("tr[data-d]", chart), facts = rows.filter((row) => row.id), rules = all("tr[data-e]", chart);
  const slider = by("until"), shown = by("until-day"), search = by("search"), beside = by("beside");
  const channels = all("input[name=channel]"), switches = [by("context"), by("common")].filter(Boolean);
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(rows.map((row) => {
    const words = row.cloneNode(true);
    all("details", words).forEach((one) => one.remove());
    return [row, plain(words.textContent)];
  }));
  function column() {
    const number = "q" + (beside?.value ?? 0);
    for (const one of all(".q", chart)) one.hidden = !one.classList.contains(number);
    for (const row of facts) row.classList.toggle("bare", !row.querySelector("td.r .q:not([hidden],.s)"));
  }
  function sift() {
    column();
    const off = new Set(channels.filter((one) => !one.checked).map((one) => one.value));
    const last = slider ? +slider.value : Infinity, words = search ? plain(search.value).split(/\s+/).filter(Boolean) : [];
    const number = "q" + (beside?.value ?? 0);
    for (const row of rows) {
      const other = row.classList.contains("q") && !row.classList.contains(number);
      row.hidden = other || +row.dataset.d > last || off.has(row.dataset.s) || !words.every((one) => texts.get(row).includes(one));
      row.classList.toggle("all", (row.classList.contains("ctx") ? !!by("context")?.checked : !!by("common")?.checked) || !!words.length);
    }
    for (const rule of rules) rule.hidden ||= +rule.dataset.e > last || !!words.length;
    if (slider) {
      const day = new Date(days[last] + "T00:00Z").toLocaleDateString("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
      shown.textContent = last === +slider.max ? "the end" : day;
      slider.setAttribute("aria-valuetext", shown.textContent);
    }
    const visible = rows.filter((row) => row.checkVisibility());
    const stop = visible.find((row) => row.tabIndex === 0) ?? visible[0]; // one stop of the Tab key, in what is shown
    for (const row of rows) row.tabIndex = row === stop ? 0 : -1;
    const count = by("count");
    if (count) count.textContent = `${visible.filter((row) => row.id).length} of ${facts.length} facts`;
  }
  let row_in_address = "";
  function tell() {
    if (!slider && !search) return;
    const view = new URLSearchParams();
    if (beside && beside.selectedIndex) view.set("beside", beside.selectedOptions[0].text);
    if (search?.value) view.set("search", search.value);
    if (slider && slider.value !== slider.max) view.set("until", days[+slider.value]);
    const off = channels.filter((one) => !one.checked).map((one) => one.value).join("");
    if (off) view.set("without", off);
    for (const one of switches) if (one.checked) view.set(one.id, "1");
    const parts = [row_in_address, view.toString()].filter(Boolean).join("&");
    history.replaceState(null, "", parts ? "#" + parts : location.pathname + location.search);
  }
  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return ""; } // an address that somebody mistyped
  }
  function read() {
    const parts = location.hash.slice(1).split("&"), first = parts[0].includes("=") ? "" : decoded(parts.shift());
    const view = new URLSearchParams(parts.join("&"));
    row_in_address = first;
    if (search) search.value = view.get("search") ?? "";
    if (beside) beside.selectedIndex = Math.max([...beside.options].findIndex((one) => one.text === view.get("beside")), 0);
    if (slider) { const place = days.indexOf(view.get("until")); slider.value = place < 0 ? slider.max : place; }
    for (const one of channels) one.checked = !(view.get("without") ?? "").includes(one.value);
    for (const one of switches) one.checked = view.has(one.id);
    const target = first ? by(first) : null;
    if (target?.classList.contains("ctx") && by("context")) by("context").checked = true;
    sift();
    if (target) reach(target, target.dataset.d ? "center" : "start");
  }
  const changed = () => { clear(); sift(); tell(); };
  for (const one of [slider, search]) one?.addEventListener("input", changed);
  for (const one of [beside, ...channels, ...switches]) one?.addEventListener("change", changed);
  addEventListener("hashchange", read);

  function reach(target, block) {
    target.scrollIntoView({ block });
    if (!target.dataset.d) return;
    for (const row of rows) row.tabIndex = row === target ? 0 : -1;
    target.focus({ preventScroll: true });
  }

  // ── a row: its sources, what led to it, what the model makes of it ────────────────────────
  const tip = by("tip");
  let lit = [];
  function clear() {
    for (const row of lit) row.classList.remove("on");
    lit = [];
    if (tip) tip.hidden = true;
  }
  const named = (ids = "") => ids.split(" ").map((id) => by("fact-" + id)).filter(Boolean);
  const led = (row) => [...new Set([...named(row.dataset.a), ...named(row.dataset.c)])];
  function light(row, aloud) {
    clear();
    const waiting = [row], seen = new Set(waiting);
    while (waiting.length) {
      const one = waiting.pop();
      one.classList.add("on");
      lit.push(one);
      for (const before of led(one)) if (!seen.has(before)) { seen.add(before); waiting.push(before); }
    }
    if (tip && row.id) tell_of(row);
    if (aloud) said.textContent = lit.length === 1 ? "nothing in the record led to this" : `${lit.length - 1} facts led to this`;
  }
  const words_of = (row) => [...row.querySelector("td.t").childNodes].filter((one) => !/^(DETAILS|SMALL|I)$/.test(one.nodeName)).map((one) => one.textContent).join("").trim();
  function tell_of(row) {
    const part = (head, lines) => {
      if (!lines.length) return "";
      const one = make("div", "");
      one.append(make("b", head), ...lines.map((line) => make("p", line)));
      return one;
    };
    const cites = all(".src li", row).map((one) => {
      const interest = about_source(one.querySelector("a")).slice(1).join(" · ");
      return one.textContent + (interest ? ` (${interest})` : "");
    });
    const before = named(row.dataset.a), after = before.map(words_of);
    const course = named(row.dataset.c).filter((one) => !before.includes(one)).map(words_of);
    const state = row.querySelector(".k").getAttribute("aria-label"), bits = row.dataset.b;
    const model = state === "documented" ? [] : [state + (bits ? `; surprise ${bits} bits (-log2 of its probability given all before)` : "")];
    const box = make("div", "");
    box.append(part("Sources", cites), part("The record puts it after", after), part("In the simulated course it follows from", course), part("In the model", model));
    tip.replaceChildren(box);
    tip.hidden = false;
  }
  addEventListener("scroll", () => {
    const box = tip && !tip.hidden && lit[0].getBoundingClientRect();
    if (box && (box.bottom < 0 || box.top > innerHeight)) tip.hidden = true; // what is told of is out of sight
  }, { passive: true });
  const row_of = (event) => event.target.closest?.("tr[data-d]");
  if (chart) {
    chart.addEventListener("mouseover", (event) => { const row = row_of(event); row ? light(row) : clear(); });
    chart.addEventListener("mouseleave", clear);
    chart.addEventListener("focusin", (event) => { const row = row_of(event); if (row) light(row, true); });
    chart.addEventListener("focusout", clear);
    chart.addEventListener("click", (event) => {
      const link = event.target.closest("a.id");
      if (!link) return;
      event.preventDefault();
      row_in_address = link.hash.slice(1);
      tell();
      row_of(event).focus();
    });
    chart.addEventListener("keydown", (event) => {
      const row = row_of(event), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") clear();
      if (!row || !step || event.target !== row) return;
      event.preventDefault();
      let at = rows.indexOf(row) + step;
      while (rows[at] && !rows[at].checkVisibility()) at += step;
      if (rows[at]) reach(rows[at], "nearest");
    });
  }
  addEventListener("keydown", (event) => { if (event.key === "Escape") clear(); });

  // ── a probability over time, read step by step ────────────────────────────────────────────
  const turns = all("table[data-file=odds] tbody tr"); // the means, and what happened, stand in the table
  for (const figure of all("figure[data-odds]")) {
    const course = +figure.dataset.odds, intervals = odds[course], drawing = figure.querySelector("svg"), cross = figure.querySelector(".cross");
    const reading = figure.querySelector(".reading"), rest = reading.textContent;
    let at = 0;
    const point = (place) => {
      at = Math.min(Math.max(place, 0), intervals.length - 1);
      const x = 34 + 318 * moments[at], cells = turns[at].cells, mean = (row) => row.cells[3 + course].textContent;
      cross.setAttribute("d", `M${x} 12V112`);
      cross.style.visibility = "visible";
      const before = at ? `${mean(turns[at - 1])} to ` : "";
      reading.textContent = `${cells[0].textContent}, ${cells[1].textContent}: ${before}${mean(turns[at])} (95 %: ${intervals[at].join(" to ")})`;
    };
    const leave = () => { cross.style.visibility = "hidden"; reading.textContent = rest; };
    drawing.addEventListener("pointermove", (event) => {
      const box = drawing.getBoundingClientRect(), share = ((event.clientX - box.left) / box.width * 360 - 34) / 318;
      point(moments.slice(0, intervals.length).findLastIndex((one) => one <= share));
    });
    drawing.addEventListener("pointerleave", leave);
    figure.tabIndex = 0;
    figure.setAttribute("role", "group");
    figure.setAttribute("aria-label", figure.querySelector("figcaption").textContent);
    reading.setAttribute("role", "status");
    figure.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (event.target === figure && step) { event.preventDefault(); point(cross.style.visibility === "visible" ? at + step : at); }
    });
    figure.addEventListener("focusout", leave);
  }

  // ── saving: tables as CSV, figures as SVG and PNG, drawn here and sent nowhere ────────────
  const name = document.body.dataset.name.replace(/[^\w-]+/g, "-").slice(0, 40);
  function save(content, type, file) {
    const link = make("a", "", { href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type })), download: `${name}-${file}` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }
  function table_text(table) {
    const cell = (one) => {
      const copy = one.cloneNode(true), mark = one.querySelector(".k")?.getAttribute("aria-label");
      all("svg,details,.k,.vh,[hidden]", copy).forEach((part) => part.remove());
      const text = [mark, copy.textContent.replace(/\s+/g, " ").trim()].filter(Boolean).join("; ");
      return `"${(/^[=@\t]|^[+-](?![\d ])/.test(text) ? "'" + text : text).replace(/"/g, '""')}"`; // a spreadsheet runs no formula
    };
    return "\ufeff" + all("tr", table).filter((row) => !row.hidden).map((row) => [...row.cells].map(cell).join(",")).join("\r\n") + "\r\n";
  }
  const LOOK = ["fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "visibility", "font-size", "font-weight", "text-anchor"];
  function picture(figure) {
    // every mark with the look it has now, the caption above: a file that needs no style
    const drawing = figure.querySelector("svg"), copy = drawing.cloneNode(true), box = drawing.viewBox.baseVal;
    const sources = all("*", drawing);
    all("*", copy).forEach((one, place) => {
      const look = getComputedStyle(sources[place]);
      for (const key of LOOK) one.setAttribute(key, look.getPropertyValue(key));
      one.removeAttribute("class");
    });
    const paper = getComputedStyle(root).getPropertyValue("--paper"), ink = getComputedStyle(root).getPropertyValue("--ink");
    const lines = figure.querySelector("figcaption").textContent.match(/.{1,58}(\s|$)|\S{58}/g) ?? [];
    const head = 16 * lines.length + 8, shape = (tag, of, text = "") => {
      const one = document.createElementNS("http://www.w3.org/2000/svg", tag);
      for (const [key, value] of Object.entries(of)) one.setAttribute(key, value);
      one.textContent = text;
      return one;
    };
    copy.prepend(shape("rect", { x: 0, y: -head, width: box.width, height: box.height + head, fill: paper }),
      ...lines.map((line, place) => shape("text", { x: 4, y: 16 * (place + 1) - head, fill: ink, "font-size": "12px", "font-weight": "600" }, line.trim())));
    copy.setAttribute("viewBox", `0 ${-head} ${box.width} ${box.height + head}`);
    for (const [key, value] of [["width", box.width], ["height", box.height + head], ["font-family", "sans-serif"], ["xmlns", "http://www.w3.org/2000/svg"]]) copy.setAttribute(key, value);
    copy.removeAttribute("class");
    copy.removeAttribute("aria-hidden");
    return { copy, width: box.width, height: box.height + head, head };
  }
  function painted({ copy, width, height, head }) {
    // drawn shape by shape, since the policy lets no picture in
    const canvas = make("canvas", "", { width: 3 * width, height: 3 * height }), pen = canvas.getContext("2d");
    pen.scale(3, 3);
    pen.translate(0, head);
    for (const one of copy.children) {
      const of = (key) => one.getAttribute(key), number = (key) => parseFloat(of(key)) || 0;
      if (of("visibility") === "hidden") continue;
      pen.globalAlpha = of("opacity") === null ? 1 : number("opacity");
      const path = new Path2D(one.tagName === "path" ? of("d") : undefined);
      if (one.tagName === "rect") path.rect(number("x"), number("y"), number("width"), number("height"));
      if (one.tagName === "circle") path.arc(number("cx"), number("cy"), number("r"), 0, 7);
      pen.fillStyle = of("fill") ?? "none";
      if (one.tagName === "text") {
        pen.font = `${of("font-weight")} ${of("font-size")} sans-serif`;
        pen.textAlign = { middle: "center", end: "right" }[of("text-anchor")] ?? "left";
        pen.fillText(one.textContent, number("x"), number("y"));
        continue;
      }
      if ((of("fill") ?? "none") !== "none") pen.fill(path);
      if ((of("stroke") ?? "none") !== "none") {
        pen.strokeStyle = of("stroke");
        pen.lineWidth = number("stroke-width");
        pen.setLineDash((of("stroke-dasharray") ?? "").split(/[ ,]+/).map(parseFloat).filter((value) => value > 0));
        pen.stroke(path);
      }
    }
    return canvas;
  }
  const button = (label, title, act) => make("button", label, { type: "button", title, ariaLabel: title, onclick: act });
  for (const figure of all("figure[data-file]")) {
    const file = figure.dataset.file, what = figure.querySelector("figcaption").textContent.slice(0, 80);
    const box = make("div", "", { className: "save" });
    box.append(
      button("SVG", `Save as SVG: ${what}`, () => save(new XMLSerializer().serializeToString(picture(figure).copy), "image/svg+xml", file + ".svg")),
      button("PNG", `Save as PNG: ${what}`, () => painted(picture(figure)).toBlob((blob) => save(blob, "image/png", file + ".png"))));
    figure.append(box);
  }
  for (const table of all("table.figures[data-file], #chart")) {
    const file = table.dataset.file ?? "record", box = make("div", "", { className: "save" });
    box.append(button("CSV", `Save this table as CSV: ${file}`, () => save(table_text(table), "text/csv", file + ".csv")));
    table.after(box);
  }
  read();
})();
