"use strict";
(() => {
  const root = document.documentElement, chart = document.getElementById("chart");
  const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
  const said = document.getElementById("said");
  root.classList.add("js");
  // on a narrow screen rows are stacked by the style; to a reader they stay tables
  const roles = { table: "table", "thead,tbody": "rowgroup", tr: "row", td: "cell", "th[scope=col]": "columnheader", "th[scope=row]": "rowheader" };
  for (const [selector, role] of Object.entries(roles)) for (const one of all(selector)) one.setAttribute("role", role);
  for (const table of all("table.storm")) {
    const heads = all("thead th", table).map((one) => one.textContent);
    for (const row of all("tbody tr", table)) [...row.cells].forEach((one, place) => { if (place) one.dataset.h = heads[place]; });
  }

  // ── the table: date, channels, which what-if ──────────────────────────────────────────────
  const rows = all("tr[data-d]", chart), rules = all("tr[data-e]", chart);
  const slider = document.getElementById("until"), shown = document.getElementById("until-day");
  const channels = all("input[name=channel]");
  function sift() {
    const off = new Set(channels.filter((one) => !one.checked).map((one) => one.value));
    const last = slider ? +slider.value : Infinity;
    for (const row of rows) {
      const silent = [...row.dataset.s].every((stroke) => off.has(stroke));
      row.hidden = +row.dataset.d > last || silent;
    }
    for (const rule of rules) rule.hidden = +rule.dataset.e > last;
    if (slider) {
      const day = rows.find((row) => +row.dataset.d === last)?.querySelector(".d b").textContent ?? "";
      shown.textContent = last === +slider.max ? "the end" : day;
      slider.setAttribute("aria-valuetext", shown.textContent);
    }
  }
  slider?.addEventListener("input", sift);
  for (const one of channels) one.addEventListener("change", sift);
  for (const one of all("input[name=versus]")) {
    one.addEventListener("change", () => { chart.dataset.q = one.value; clear(); });
  }

  // ── causes: a move and all that led to it ─────────────────────────────────────────────────
  let lit = [];
  function clear() {
    for (const row of lit) row.classList.remove("on");
    lit = [];
    chart.classList.remove("dim");
  }
  function light(row, aloud) {
    clear();
    const waiting = [row], seen = new Set(waiting);
    while (waiting.length) {
      const one = waiting.pop();
      one.classList.add("on");
      lit.push(one);
      for (const cause of (one.dataset.c ?? "").split(" ")) {
        const before = cause && rows[cause];
        if (before && !seen.has(before)) { seen.add(before); waiting.push(before); }
      }
    }
    chart.classList.add("dim");
    if (aloud) said.textContent = lit.length === 1 ? "nothing in the table led to this" : `${lit.length - 1} moves led to this`;
  }
  const rowOf = (event) => event.target.closest?.("tr[data-d]");
  if (chart) {
    chart.addEventListener("mouseover", (event) => { const row = rowOf(event); row ? light(row) : clear(); });
    chart.addEventListener("mouseleave", clear);
    chart.addEventListener("focusin", (event) => { const row = rowOf(event); if (row) light(row, true); });
    chart.addEventListener("focusout", clear);
    rows.forEach((row, place) => { row.tabIndex = place ? -1 : 0; });
    chart.addEventListener("keydown", (event) => {
      const row = rowOf(event), step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (event.key === "Escape") clear();
      if (!row || !step) return;
      event.preventDefault();
      let at = rows.indexOf(row) + step;
      while (rows[at] && !rows[at].offsetParent) at += step;
      if (rows[at]) { row.tabIndex = -1; rows[at].tabIndex = 0; rows[at].focus(); }
    });
  }

  // ── the switches ──────────────────────────────────────────────────────────────────────────
  const board = document.getElementById("board"), data = document.getElementById("data");
  if (board && data) {
    const { figures, held } = JSON.parse(data.textContent);
    const flips = all("input[name=switch]", board), lines = all("tr[data-o]", board);
    const note = document.getElementById("board-note");
    const share = (mille) => (mille / 10).toFixed(0) + " %";
    const flip = () => {
      const mask = flips.reduce((sum, one, place) => sum + (one.checked ? 1 << place : 0), 0);
      const now = figures[mask];
      board.classList.toggle("excluded", now === null);
      lines.forEach((line, place) => {
        const [mean, low, high] = now ? now[place] : figures[0][place];
        line.querySelector(".full").setAttribute("width", now ? mean / 10 + "%" : "0%");
        const whisker = line.querySelector(".whisker");
        whisker.setAttribute("x1", low / 10 + "%");
        whisker.setAttribute("x2", high / 10 + "%");
        line.querySelector(".now").textContent = now ? share(mean) : "—";
        line.querySelector(".ci").textContent = now ? `${share(low)} to ${share(high)}` : "";
      });
      note.textContent = now === null ? "These two exclude each other: they answer one question in two ways."
        : mask && held[mask] === 1000 ? "All that is switched on took hold in every history."
        : mask ? `All that is switched on took hold in ${share(held[mask])} of the histories; in the rest it was never asked.`
        : "Nothing is switched on.";
    };
    for (const one of flips) one.addEventListener("change", flip);
    flip();
  }
  let opened = [];
  addEventListener("beforeprint", () => { opened = all("details:not([open])"); opened.forEach((one) => { one.open = true; }); });
  addEventListener("afterprint", () => opened.forEach((one) => { one.open = false; }));
  sift();
})();
