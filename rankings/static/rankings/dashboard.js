/* 总览 on screen: hovering and zooming, pictures as PNG, the filter of the heat map, printing.
   Everything else is there without this script; names are only ever set as text. */

(() => {
  "use strict";

  const root = document.querySelector(".rk-board");
  if (!root) return;

  const FONT = '"PingFang SC","HarmonyOS Sans SC","Noto Sans SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif';
  const EXAMPLE = "示例榜单 · 数据虚构，不得引用";
  const SYMBOLS = { circle: "circle", diamond: "diamond", up: "triangle", down: "path://M0 0L10 0L5 9Z" };
  const ARROW = "path://M4 0L6 0L6 12L10 12L5 20L0 12L4 12Z";
  // Months that can be told apart on a phone and on a desk.
  const FEW = 18;
  const MANY = 48;

  /* --- charts ------------------------------------------------------------------------------ */

  function colours() {
    const style = getComputedStyle(root);
    const of = (name) => style.getPropertyValue(name).trim();
    return {
      paper: of("--rk-paper"), ink: of("--rk-ink"), soft: of("--rk-soft"), line: of("--rk-line"),
      water: of("--rk-water"), lotus: of("--rk-lotus"),
      slots: [0, 1, 2, 3, 4, 5, 6].map((slot) => of(`--rk-slot-${slot}`)),
    };
  }

  function monthLabel(text, first) {
    const [year, month] = text.split("-").map(Number);
    return month === 1 || first ? `${month}\n${year}年` : String(month);
  }

  function lineSeries(data, c) {
    return data.lines.map(([slot, dashed, points]) => ({
      type: "line", name: data.names[slot], data: points, silent: true, showSymbol: false, animation: false,
      lineStyle: {
        color: c.slots[slot % 7], width: dashed ? 1.25 : slot ? 1.5 : 2.25, type: dashed ? [5, 5] : "solid",
      },
      itemStyle: { color: c.slots[slot % 7] }, z: slot ? 3 : 4,
    }));
  }

  function pointSeries(data, c) {
    const alone = data.names.length === 1;
    return data.names.map((name, slot) => {
      const own = data.points.filter((point) => point[0] === slot);
      const last = own[own.length - 1];
      return {
        type: "scatter", name, z: slot ? 5 : 6, animation: false, itemStyle: { color: c.slots[slot % 7] },
        data: own.map((point) => {
          const [, at, value, shape, hollow, sign, href] = point;
          const first = alone && data.kind === "rank" && value === 1 && !hollow;
          const colour = first ? c.lotus : alone && hollow ? c.soft : c.slots[slot % 7];
          const letter = !alone && data.letters && point === last;
          return {
            value: [at, value], href, symbol: SYMBOLS[shape], symbolSize: shape === "circle" ? 8 : 11,
            itemStyle: {
              color: hollow ? c.paper : colour, borderColor: colour, borderWidth: 1.5, opacity: 1,
            },
            label: {
              show: Boolean(sign) || letter, position: letter ? "right" : "top", color: colour, fontWeight: 700,
              formatter: () => (letter ? name.split(" ")[0] : sign),
            },
          };
        }),
      };
    });
  }

  function footSeries(data, c, foot) {
    const beyond = {
      type: "scatter", animation: false, symbol: ARROW, symbolSize: [9, 18], symbolOffset: [0, "-50%"],
      itemStyle: { color: c.soft }, z: 6,
      data: data.names.length > 1 ? [] : data.beyond.map(([, at, places, href, labelled]) => ({
        value: [at, foot], href,
        label: { show: labelled, position: "top", color: c.soft, formatter: () => `${places}名外` },
      })),
    };
    const gaps = {
      type: "scatter", animation: false, silent: true, symbolSize: 0.01, z: 1,
      data: data.gaps.map(([at, mark]) => ({
        value: [at, foot], label: { show: true, position: "top", color: c.soft, formatter: () => mark },
      })),
    };
    return [beyond, gaps];
  }

  /* An unseen series with every month: without it a month without a value has no tooltip. It also
     carries the method changes. */
  function carrier(data, c, value) {
    return {
      type: "line", animation: false, silent: true, showSymbol: false, lineStyle: { opacity: 0 },
      data: data.months.map((_, at) => [at, value]),
      markLine: {
        animation: false, silent: true, symbol: "none",
        data: data.breaks.map((each) => ({
          xAxis: each.at, label: { show: true, formatter: () => each.label, color: c.ink, distance: data.kind === "rank" ? 12 : 5, position: data.kind === "rank" ? "start" : "end" },
          lineStyle: { color: c.ink, width: each.cut ? 2 : 1, type: each.cut ? "solid" : "dashed" },
        })),
      },
    };
  }

  function option(data, c, width, example) {
    const values = data.points.map((point) => point[2]);
    const ranks = data.kind === "rank";
    const foot = ranks ? Math.max(5, ...values) : Math.min(...values);
    const shown = width < 600 ? FEW : MANY;
    const count = data.months.length;
    const zooms = count > shown;
    const legend = data.names.length > 1 || !ranks;
    return {
      animation: false,
      textStyle: { fontFamily: FONT },
      aria: { enabled: false },
      grid: { left: 56, right: 28, top: data.breaks.length ? 46 : 26, bottom: 48 + (zooms ? 30 : 0) + (legend ? 28 : 0) },
      graphic: example ? [
        { type: "text", right: 10, top: 4, silent: true, style: { text: EXAMPLE, fill: c.lotus, font: `700 12px ${FONT}` } },
        {
          type: "text", left: "center", top: "middle", silent: true, z: 0,
          style: { text: "示例", fill: c.lotus, opacity: 0.1, font: `700 72px ${FONT}` },
        },
      ] : [],
      legend: legend ? { data: data.names, icon: "circle", itemWidth: 12, bottom: zooms ? 34 : 2, type: "scroll", textStyle: { color: c.ink } } : undefined,
      xAxis: {
        type: "category", data: data.months, axisLine: { lineStyle: { color: c.line }, onZero: false },
        axisTick: { show: false },
        axisLabel: {
          color: c.soft, hideOverlap: true, formatter: (text, at) => monthLabel(text, at === 0),
          // Quarters where there is no room for every month, so that a January always names its year.
          interval: (at, text) => at === 0 || Math.min(count, shown) <= 16 || /-(01|04|07|10)$/.test(text),
        },
      },
      yAxis: {
        type: "value", inverse: ranks, scale: !ranks, min: ranks ? 1 : undefined, max: ranks ? foot * 1.05 : undefined,
        minInterval: ranks ? 1 : 0, splitLine: { lineStyle: { color: c.water } },
        axisLabel: {
          color: c.soft,
          formatter: (value) => (ranks ? (value === 1 ? "第1名" : Number.isInteger(value) ? String(value) : "") : value.toLocaleString("en-US")),
        },
      },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true, backgroundColor: c.paper, borderColor: c.line,
        textStyle: { color: c.ink, fontFamily: FONT, fontSize: 13 }, axisPointer: { lineStyle: { color: c.soft } },
        formatter: (items) => {
          const at = data.months.indexOf(items[0].axisValue);
          // Braces would be read as styles.
          return (data.notes[at] || []).join("\n").replace(/[{}|]/g, " ");
        },
      },
      dataZoom: zooms ? [
        { type: "inside", zoomOnMouseWheel: "ctrl", startValue: count - shown, endValue: count - 1 },
        { type: "slider", height: 18, bottom: 8, startValue: count - shown, endValue: count - 1, brushSelect: false, textStyle: { color: c.soft } },
      ] : [],
      series: [
        carrier(data, c, ranks ? 1 : values[0]),
        ...lineSeries(data, c),
        ...pointSeries({ ...data, letters: data.names.length > 1 && /^[A-G] /.test(data.names[0]) }, c),
        ...footSeries(data, c, foot),
      ],
    };
  }

  const charts = [];

  function liven(figure) {
    const source = document.getElementById(figure.dataset.chart);
    if (!source || !window.echarts) return;
    const data = JSON.parse(source.textContent);
    const live = figure.querySelector("[data-live]");
    const example = root.hasAttribute("data-example");
    live.hidden = false;
    const chart = window.echarts.init(live, null, { renderer: "canvas" });
    const draw = () => chart.setOption(option(data, colours(), live.clientWidth, example), { notMerge: true });
    draw();
    chart.on("click", (event) => {
      if (event.data && event.data.href) window.location.assign(event.data.href);
    });
    figure.querySelector("[data-still]").hidden = true;
    new ResizeObserver(() => chart.resize()).observe(live);
    charts.push(draw);
  }

  /* --- pictures as PNG: the SVG that is downloaded, drawn by the browser ---------------------- */

  async function png(button) {
    const answer = await fetch(button.dataset.png, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const url = URL.createObjectURL(new Blob([await answer.text()], { type: "image/svg+xml" }));
    const image = new Image();
    try {
      image.src = url;
      await image.decode();
      const canvas = document.createElement("canvas");
      canvas.width = image.naturalWidth * 2;
      canvas.height = image.naturalHeight * 2;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const link = document.createElement("a");
      link.download = button.dataset.name;
      link.href = canvas.toDataURL("image/png");
      link.click();
    } finally {
      URL.revokeObjectURL(url);
    }
  }

  for (const button of root.querySelectorAll("[data-png]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      button.disabled = true;
      try {
        await png(button);
      } catch {
        button.textContent = "PNG 没有画成，请下载 SVG";
      } finally {
        button.disabled = false;
      }
    });
  }

  /* --- the heat map ------------------------------------------------------------------------ */

  const heat = root.querySelector(".rk-heat");

  function place(cell) {
    const head = heat.tHead.rows[1].cells[cell.cellIndex - 1];
    return { head: head.dataset, row: cell.parentElement };
  }

  if (heat) {
    // The newest months are on the right.
    heat.parentElement.scrollLeft = heat.parentElement.scrollWidth;
    heat.addEventListener("mouseover", (event) => {
      const cell = event.target.closest("td");
      if (!cell || cell.title) return;
      const { head, row } = place(cell);
      cell.title = `${row.cells[0].textContent} ${head.label}：${cell.textContent}`;
    });
    heat.addEventListener("click", (event) => {
      const cell = event.target.closest("td");
      if (!cell) return;
      const { head, row } = place(cell);
      const parts = { BOARD: head.board, ACCOUNT: row.dataset.key, MONTH: head.month };
      window.location.assign(heat.dataset.cell.replace(/BOARD|ACCOUNT|MONTH/g, (name) => encodeURIComponent(parts[name])));
    });
    const form = root.querySelector('form[data-filter="here"]');
    if (form) {
      const field = form.querySelector("input[type=search]");
      const count = form.querySelector("[data-count]");
      const filter = () => {
        const wanted = field.value.trim().toLowerCase();
        let found = 0;
        for (const row of heat.tBodies[0].rows) {
          const fits = row.cells[0].textContent.toLowerCase().includes(wanted);
          row.hidden = !fits && !row.classList.contains("rk-heat__own");
          if (fits) found += 1;
        }
        count.textContent = wanted ? `找到 ${found} 个` : `共 ${heat.tBodies[0].rows.length} 个公众号`;
      };
      field.addEventListener("input", filter);
      form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
    }
  }

  /* --- printing ---------------------------------------------------------------------------- */

  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...root.querySelectorAll("details:not([open])")];
    for (const each of opened) each.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const each of opened) each.open = false;
  });
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  for (const figure of root.querySelectorAll("[data-chart]")) liven(figure);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const draw of charts) draw();
  });
})();
