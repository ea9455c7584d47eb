/* Draws the figures of a page over what the server drew: in a .chart-box, <div class="at-chart" data-figure="ID"
   data-label="…"> takes its numbers from <script type="application/json" id="ID">. Plotly, named by data-plotly, is fetched
   when the browser has nothing else to do or someone reaches for the figure; without it the server's drawing stays, as it
   does on paper. Figures name the colours of tokens.css, which Plotly cannot read: each is looked up here as the theme
   has it. In a figure of sessions the pointer and the arrow keys move one line through all panels and read out that
   session. */
(() => {
  "use strict";

  const AXIS = {
    showline: false,
    zeroline: false,
    ticks: "",
    gridcolor: "var(--at-grid)",
    gridwidth: 1,
    tickfont: { size: 13, color: "var(--at-ink-3)" },
    tickangle: 0,
    automargin: false,
    fixedrange: true,
  };
  const TEMPLATE = {
    layout: {
      font: {
        family: '"Source Sans 3", system-ui, "Segoe UI", Roboto, Arial, sans-serif',
        size: 14,
        color: "var(--at-ink)",
      },
      paper_bgcolor: "transparent",
      plot_bgcolor: "transparent",
      xaxis: AXIS,
      yaxis: AXIS,
    },
  };

  // The read-out below replaces Plotly's own pointer handling, so that phones can scroll over a chart.
  const CONFIG = {
    staticPlot: true,
    displayModeBar: false,
    displaylogo: false,
    showSendToCloud: false,
    plotlyServerURL: "",
  };
  const NARROW = 480;

  const charts = new Map();
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  // Returns a function that knows each colour of tokens.css as it is now: in the theme of the page.
  function lookUp(element) {
    const known = new Map();
    return (name) => {
      if (!known.has(name)) {
        element.style.color = name;
        known.set(name, getComputedStyle(element).color);
        element.style.color = "";
      }
      return known.get(name);
    };
  }

  function coloured(value, colour) {
    if (typeof value === "string") return value.startsWith("var(--at-") ? colour(value) : value;
    if (Array.isArray(value)) return value.map((item) => coloured(item, colour));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, coloured(item, colour)]));
  }

  function draw(element) {
    const chart = charts.get(element);
    const { data, layout } = chart.figure;
    const figure = coloured({ data, layout: { template: TEMPLATE, ...layout } }, lookUp(element));
    const { at } = chart;
    Object.assign(chart, { drawn: true, width: element.clientWidth, at: -1 });
    figure.layout.width = chart.width;
    Plotly.react(element, figure.data, figure.layout, CONFIG);
    chart.box.classList.add("is-live");
    moveTo(element, at);
  }

  function redraw() {
    for (const [element, chart] of charts) {
      if (!chart.drawn) continue;
      if (element.clientWidth) draw(element);
      else chart.drawn = false;
    }
  }

  function scoreOf(figure, index, row, rater) {
    const { lines, raters } = figure.layout.meta.cursor;
    return figure.data[lines + row * raters.length + rater].y[index];
  }

  function scoreText({ decimals }, score) {
    return (Math.round(score * 10) / 10).toFixed(decimals);
  }

  function headerText(figure, index, row, rater) {
    const { rows, raters } = figure.layout.meta.cursor;
    const score = scoreOf(figure, index, row, rater);
    const none = raters[rater].unrated.includes(index) ? "\u2013" : (rows[row].none || raters[rater].none)[0];
    return `${raters[rater].short} ${score === null ? none : scoreText(rows[row], score)}`;
  }

  function dateText(date) {
    return new Date(date).toLocaleDateString("en-GB", {
      day: "numeric",
      month: "long",
      year: "numeric",
      timeZone: "UTC",
    });
  }

  function titleText({ rows, sessions, dates }, index, isNarrow) {
    const day = dateText(dates[index]).replace(/(\w{3})\w* \d+$/, "$1");
    return `${isNarrow ? "Session" : `${rows[0].label}, session`} ${sessions[index]}, ${day}`;
  }

  function sentence(figure, index) {
    const { sessions, dates, rows, raters, notes } = figure.layout.meta.cursor;
    const present = raters
      .map((_, rater) => rater)
      .filter((rater) => !raters[rater].unrated.includes(index))
      .reverse();
    const said = rows.map((row, at) => {
      const scores = present.map((rater) => {
        const score = scoreOf(figure, index, at, rater);
        return `${raters[rater].label} ${score === null ? (row.none || raters[rater].none)[1] : scoreText(row, score)}`;
      });
      return `${row.label}: ${scores.join(", ")}.`;
    });
    const start = `Session ${sessions[index]}, ${dateText(dates[index])}.`;
    return [start, notes[index] || "", ...(present.length ? said : [])].filter(Boolean).join(" ");
  }

  function moveTo(element, index) {
    const chart = charts.get(element);
    if (index === chart.at) return;
    chart.at = index;
    announce(element, index);
    if (chart.drawn) show(element, index);
  }

  function show(element, index) {
    const chart = charts.get(element);
    const { annotations, meta, xaxis } = chart.figure.layout;
    const { shapes, raters, rows, sessions, dates } = meta.cursor;
    const places = xaxis.type === "date" ? dates : sessions;
    const texts = annotations.map(({ text }) => text);
    if (index >= 0) {
      texts[0] = titleText(meta.cursor, index, chart.width < NARROW);
      rows.forEach((_, row) => {
        raters.forEach((__, rater) => {
          texts[rows.length + row * raters.length + rater] = headerText(chart.figure, index, row, rater);
        });
      });
    }
    const update = {};
    for (let shape = shapes[0]; shape < shapes[1]; shape += 1) {
      update[`shapes[${shape}].visible`] = index >= 0;
      if (index >= 0) update[`shapes[${shape}].x0`] = update[`shapes[${shape}].x1`] = places[index];
    }
    texts.forEach((text, annotation) => {
      update[`annotations[${annotation}].text`] = text;
    });
    Plotly.relayout(element, update);
  }

  function announce(element, index) {
    const { figure } = charts.get(element);
    const { sessions } = figure.layout.meta.cursor;
    const shown = index < 0 ? sessions.length - 1 : index;
    element.setAttribute("aria-valuenow", sessions[shown]);
    element.setAttribute("aria-valuetext", sentence(figure, shown));
  }

  function nearest(element, clientX) {
    const { margin, meta } = charts.get(element).figure.layout;
    const box = element.getBoundingClientRect();
    const place = (clientX - box.left - margin.l) / (box.width - margin.l - margin.r);
    const distances = meta.cursor.at.map((session) => Math.abs(session - place));
    return distances.indexOf(Math.min(...distances));
  }

  function followKeys(element, event) {
    const { at, figure } = charts.get(element);
    const last = figure.layout.meta.cursor.sessions.length - 1;
    const now = at < 0 ? last : at;
    const targets = {
      ArrowLeft: Math.max(0, now - 1),
      ArrowDown: Math.max(0, now - 1),
      ArrowRight: Math.min(last, now + 1),
      ArrowUp: Math.min(last, now + 1),
      Home: 0,
      End: last,
      Escape: -1,
    };
    if (event.ctrlKey || event.altKey || event.metaKey || !(event.key in targets)) return;
    event.preventDefault();
    moveTo(element, targets[event.key]);
  }

  function addReadOut(element) {
    const { cursor } = charts.get(element).figure.layout.meta;
    const leave = () => {
      if (document.activeElement !== element) moveTo(element, -1);
    };
    element.tabIndex = 0;
    element.setAttribute("role", "slider");
    element.setAttribute("aria-valuemin", cursor.sessions[0]);
    element.setAttribute("aria-valuemax", cursor.sessions[cursor.sessions.length - 1]);
    announce(element, -1);
    element.style.touchAction = "pan-y pinch-zoom";
    element.addEventListener("pointermove", (event) => moveTo(element, nearest(element, event.clientX)));
    element.addEventListener("click", (event) => {
      element.focus({ preventScroll: true });
      moveTo(element, nearest(element, event.clientX));
    });
    element.addEventListener("pointerleave", leave);
    element.addEventListener("pointercancel", leave);
    element.addEventListener("blur", () => moveTo(element, -1));
    element.addEventListener("keydown", (event) => followKeys(element, event));
  }

  // A chart inside something closed has no width; it is drawn when it gets one.
  const widths = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const chart = charts.get(target);
      if (target.clientWidth && !(chart.drawn && chart.width === target.clientWidth)) draw(target);
    }
  });

  let plotly = null;

  function fetchPlotly(address) {
    if (window.Plotly || !address) return Promise.resolve();
    plotly ||= new Promise((resolve) => {
      const script = document.createElement("script");
      script.addEventListener("load", resolve);
      script.addEventListener("error", resolve);
      script.src = address;
      document.head.append(script);
    });
    return plotly;
  }

  // Plotly measures a text once, so the font has to be there first.
  function fetchFonts() {
    const fonts = ["400", "600"].map((weight) => document.fonts.load(`${weight} 14px "Source Sans 3"`, "Session 5.7"));
    return Promise.allSettled(fonts);
  }

  async function bringToLife(element) {
    await Promise.all([fetchPlotly(element.dataset.plotly), fetchFonts()]);
    if (window.Plotly) widths.observe(element);
  }

  function whenIdle(act) {
    const later = () =>
      window.requestIdleCallback ? requestIdleCallback(act, { timeout: 2000 }) : setTimeout(act, 200);
    if (document.readyState === "complete") later();
    else addEventListener("load", later);
  }

  function takeOver(element) {
    const { box } = charts.get(element);
    const act = () => bringToLife(element);
    box.querySelector(".figure").setAttribute("aria-hidden", "true");
    element.setAttribute("aria-label", element.dataset.label);
    if (!element.hasAttribute("role")) element.setAttribute("role", "img");
    for (const reach of ["pointerenter", "pointerdown", "focus"]) element.addEventListener(reach, act, { once: true });
    whenIdle(act);
  }

  function start() {
    for (const element of document.querySelectorAll(".at-chart[data-figure]")) {
      const figure = JSON.parse(document.getElementById(element.dataset.figure).textContent);
      const box = element.closest(".chart-box");
      charts.set(element, { figure, box, drawn: false, width: 0, at: -1 });
      if (figure.layout.meta?.cursor) addReadOut(element);
      takeOver(element);
    }
  }

  new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  prefersDark.addEventListener("change", redraw);
  start();
})();
