"use strict";
(function () {
  const root = document.documentElement;
  const words = document.body.dataset;
  const narrow = window.matchMedia("(max-width: 60rem)");

  // Light and dark: as the system wishes until the button is pressed.
  const button = document.getElementById("theme");
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const remembered = "xuewei-theme";
  function isDark() {
    return root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
  }
  function label() {
    button.textContent = isDark() ? words.light : words.dark;
  }
  try {
    const theme = localStorage.getItem(remembered);
    if (theme === "dark" || theme === "light") root.dataset.theme = theme;
  } catch (error) { /* A page opened from a disk may have no memory. */ }
  button.addEventListener("click", function () {
    root.dataset.theme = isDark() ? "light" : "dark";
    try {
      localStorage.setItem(remembered, root.dataset.theme);
    } catch (error) { /* Then it is forgotten. */ }
    label();
  });
  if (system.addEventListener) system.addEventListener("change", label);
  label();
  button.hidden = false;

  // Contents: folded on a phone, unfolded on paper, the part being read marked.
  const headings = document.querySelector("nav .headings");
  if (headings) {
    let wasOpen = true;
    headings.open = !narrow.matches;
    window.addEventListener("beforeprint", function () {
      wasOpen = headings.open;
      headings.open = true;
    });
    window.addEventListener("afterprint", function () { headings.open = wasOpen; });
    const links = Array.from(headings.querySelectorAll("a"));
    const marks = links.map(function (link) {
      return document.getElementById(link.getAttribute("href").slice(1));
    });
    links.forEach(function (link) {
      link.addEventListener("click", function () { if (narrow.matches) headings.open = false; });
    });
    let waiting = false;
    function mark() {
      waiting = false;
      let current = 0;
      marks.forEach(function (heading, i) {
        if (heading.getBoundingClientRect().top < 120) current = i;
      });
      links.forEach(function (link, i) {
        if (i === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }
    window.addEventListener("scroll", function () {
      if (!waiting) window.requestAnimationFrame(mark);
      waiting = true;
    }, { passive: true });
    mark();
  }

  // Tables: ascending, descending, as they were. Numbers by their full value, before words; what is
  // missing comes last in either order; rows that are equal keep their order.
  function key(row, column) {
    const cell = row.cells[column];
    if (!cell || "missing" in cell.dataset) return { rank: 2 };
    if ("value" in cell.dataset) return { rank: 0, value: Number(cell.dataset.value) };
    return { rank: 1, value: cell.textContent };
  }
  function ordered(rows, column, sign) {
    const keyed = rows.map(function (row, i) { return { row: row, i: i, key: key(row, column) }; });
    keyed.sort(function (a, b) {
      let order = 0;
      if (a.key.rank !== b.key.rank) return a.key.rank - b.key.rank;
      if (a.key.rank === 0) order = a.key.value - b.key.value;
      if (a.key.rank === 1) order = a.key.value.localeCompare(b.key.value, root.lang, { numeric: true });
      return sign * order || a.i - b.i;
    });
    return keyed.map(function (item) { return item.row; });
  }
  const next = { none: "ascending", ascending: "descending", descending: "none" };
  document.querySelectorAll("main table").forEach(function (table) {
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    if (rows.length < 2) return;
    const heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      const sort = document.createElement("button");
      sort.type = "button";
      sort.append.apply(sort, Array.from(head.childNodes));
      head.append(sort);
      head.setAttribute("aria-sort", "none");
      sort.addEventListener("click", function () {
        const order = next[head.getAttribute("aria-sort")];
        heads.forEach(function (other) { other.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", order);
        const sign = order === "ascending" ? 1 : -1;
        const sorted = order === "none" ? rows : ordered(rows, column, sign);
        body.append.apply(body, sorted);
      });
    });
  });

  // Pictures: larger than a phone is wide, and saved as files.
  function save(content, name) {
    const address = URL.createObjectURL(content);
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
    window.setTimeout(function () { URL.revokeObjectURL(address); }, 10000);
  }
  function source(svg) {
    return new XMLSerializer().serializeToString(svg);
  }
  function savePixels(svg, name) {
    const image = new Image();
    image.onload = function () {
      // 300 dots per inch where 720 units are 12 cm.
      const scale = 300 * 12 / 2.54 / 720;
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(svg.getAttribute("width") * scale);
      canvas.height = Math.round(svg.getAttribute("height") * scale);
      const pen = canvas.getContext("2d");
      pen.fillStyle = "#ffffff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      pen.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (content) { if (content) save(content, name); }, "image/png");
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(source(svg));
  }
  document.querySelectorAll("main figure").forEach(function (figure) {
    const card = figure.querySelector(".card");
    const svg = card.querySelector("svg");
    if (!svg) return;
    const tools = document.createElement("div");
    tools.className = "tools";
    function add(text, act) {
      const tool = document.createElement("button");
      tool.type = "button";
      tool.textContent = text;
      tool.addEventListener("click", function () { act(tool); });
      tools.append(tool);
      return tool;
    }
    add(words.enlarge, function (tool) {
      const isLarge = card.classList.toggle("large");
      tool.textContent = isLarge ? words.reduce : words.enlarge;
    }).className = "enlarge";
    add(words.save + " SVG", function () {
      save(new Blob([source(svg)], { type: "image/svg+xml" }), figure.id + ".svg");
    });
    add(words.save + " PNG", function () { savePixels(svg, figure.id + ".png"); });
    figure.append(tools);
  });
})();
