/* Cells copied from a page or a document: merged cells are spread out, so that columns stay in line. */
(() => {
    "use strict";
    const LIMIT = 200;

    const span = (cell, name) => Math.min(Math.max(parseInt(cell.getAttribute(name), 10) || 1, 1), LIMIT);

    const asText = (table) => {
        const rows = [...table.rows];
        const grid = rows.map(() => []);
        rows.forEach((row, y) => {
            let x = 0;
            [...row.cells].forEach((cell) => {
                while (grid[y][x] !== undefined) x += 1;
                const text = cell.textContent.replace(/\s+/g, " ").trim();
                for (let down = 0; down < span(cell, "rowspan") && y + down < grid.length; down += 1) {
                    for (let across = 0; across < span(cell, "colspan"); across += 1) {
                        grid[y + down][x + across] = text;
                    }
                }
                x += span(cell, "colspan");
            });
        });
        return grid.map((cells) => Array.from(cells, (text) => text || "").join("\t")).join("\n");
    };

    document.addEventListener("paste", (event) => {
        const field = event.target;
        if (!(field instanceof HTMLTextAreaElement) || !field.classList.contains("rk-paste")) return;
        const html = event.clipboardData && event.clipboardData.getData("text/html");
        if (!html) return;
        // A document made by the parser runs nothing and fetches nothing.
        const tables = [...new DOMParser().parseFromString(html, "text/html").querySelectorAll("table")];
        if (!tables.length) return;
        const largest = tables.reduce((one, two) => (two.querySelectorAll("td,th").length > one.querySelectorAll("td,th").length ? two : one));
        event.preventDefault();
        field.setRangeText(asText(largest), field.selectionStart, field.selectionEnd, "end");
        field.dispatchEvent(new Event("input", { bubbles: true }));
    });
})();
