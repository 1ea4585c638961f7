/* Tables in another order without a new page. The buttons work as a form without this script. */

(() => {
  "use strict";

  const collator = new Intl.Collator("zh-CN", { numeric: true });

  const compare = (one, two) => {
    const a = Number(one);
    const b = Number(two);
    return Number.isNaN(a) || Number.isNaN(b) ? collator.compare(one, two) : a - b;
  };

  function sort(table, column, backwards) {
    const body = table.tBodies[0];
    const value = (row) => row.cells[column].dataset.v;
    const rows = [...body.rows];
    const known = rows.filter((row) => value(row) !== "");
    const unknown = rows.filter((row) => value(row) === "");
    known.sort((a, b) => (backwards ? -1 : 1) * compare(value(a), value(b)));
    body.append(...known, ...unknown);
  }

  for (const form of document.querySelectorAll("form[data-sort]")) {
    form.addEventListener("click", (event) => {
      const button = event.target.closest("th button[data-key]");
      if (!button) return;
      event.preventDefault();
      const heading = button.closest("th");
      const table = heading.closest("table");
      const now = heading.getAttribute("aria-sort");
      // Places and names begin with the first, everything else with the largest.
      const usual = ["rank", "name"].includes(button.dataset.key) ? "ascending" : "descending";
      const other = usual === "ascending" ? "descending" : "ascending";
      const next = now === usual ? other : usual;
      for (const each of table.tHead.querySelectorAll("[aria-sort]")) each.removeAttribute("aria-sort");
      heading.setAttribute("aria-sort", next);
      sort(table, heading.cellIndex, next === "descending");
    });
  }
})();
