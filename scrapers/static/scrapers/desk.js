/* The desk: pictures that follow the rows, cells that move by keys, and only changed cells sent. */
(() => {
    "use strict";
    const desk = document.querySelector("[data-desk]");
    if (!desk) return;
    const form = desk.querySelector("[data-desk-form]");

    /* --- pictures: a click shows them in full size, a row shows its place --- */
    const pictures = [...desk.querySelectorAll(".desk-picture")];
    pictures.forEach((figure) => {
        const zoom = figure.querySelector(".desk-zoom");
        if (!zoom) return;
        zoom.title = "点一下放大或缩小";
        zoom.addEventListener("click", (event) => {
            const image = zoom.querySelector("img");
            const before = image.getBoundingClientRect();
            const x = (event.clientX - before.left) / before.width;
            const y = (event.clientY - before.top) / before.height;
            figure.classList.toggle("desk-picture--large");
            const after = image.getBoundingClientRect();
            zoom.scrollLeft = x * after.width - zoom.clientWidth / 2;
            const page = desk.querySelector(".desk-page");
            page.scrollTop += after.top + y * after.height - event.clientY;
            place();
        });
        zoom.querySelector("img").addEventListener("load", () => place());
    });

    let shown = null;
    const boxOf = (cell) => {
        const row = cell.closest("tr");
        const own = cell.closest("td").dataset.crop;
        const crops = (own ? [own] : [...row.querySelectorAll("[data-crop]")].map((each) => each.dataset.crop))
            .map((text) => text.split(",").map(Number));
        if (!crops.length) return null;
        const left = Math.min(...crops.map((crop) => crop[0]));
        const top = Math.min(...crops.map((crop) => crop[1]));
        const right = Math.max(...crops.map((crop) => crop[0] + crop[2]));
        const bottom = Math.max(...crops.map((crop) => crop[1] + crop[3]));
        return [left, top, right - left, bottom - top];
    };

    const place = () => {
        desk.querySelectorAll(".desk-box").forEach((box) => { box.hidden = true; });
        if (!shown) return null;
        const row = shown.closest("tr");
        const board = row.closest("[data-board]").dataset.board;
        const figure = pictures.find((each) => each.dataset.board === board && each.dataset.picture === row.dataset.picture);
        const image = figure && figure.querySelector("img");
        const crop = image && image.naturalWidth ? boxOf(shown) : null;
        if (!crop) return null;
        const scale = image.clientWidth / image.naturalWidth;
        const box = figure.querySelector(".desk-box");
        const margin = 3;
        box.style.left = `${crop[0] * scale - margin}px`;
        box.style.top = `${crop[1] * scale - margin}px`;
        box.style.width = `${crop[2] * scale + 2 * margin}px`;
        box.style.height = `${crop[3] * scale + 2 * margin}px`;
        box.hidden = false;
        return box;
    };

    const follow = (element) => {
        const cell = element.closest && element.closest(".desk-rows td");
        if (!cell) return;
        shown = cell;
        desk.querySelectorAll("tr.desk-here").forEach((row) => row.classList.remove("desk-here"));
        cell.closest("tr").classList.add("desk-here");
        const box = place();
        if (!box) return;
        const page = desk.querySelector(".desk-page");
        const zoom = box.closest(".desk-zoom");
        const at = box.getBoundingClientRect();
        const frame = page.getBoundingClientRect();
        page.scrollTop += at.top - frame.top - page.clientHeight / 2 + at.height / 2;
        zoom.scrollLeft += at.left - zoom.getBoundingClientRect().left - zoom.clientWidth / 2 + at.width / 2;
    };
    desk.addEventListener("focusin", (event) => follow(event.target));
    desk.addEventListener("click", (event) => follow(event.target));
    window.addEventListener("resize", place);

    /* --- only what differs from the record --- */
    desk.querySelectorAll("[data-only-different]").forEach((link) => {
        link.addEventListener("click", (event) => {
            event.preventDefault();
            const only = link.closest(".desk-board").classList.toggle("desk-board--different");
            link.textContent = only ? "全部显示" : "只看不同";
        });
    });

    if (!form) return;

    /* --- changed cells --- */
    const cellsIn = (root) => [...root.querySelectorAll("input.desk-cell")];
    const isChanged = (cell) => cell.value.trim() !== cell.dataset.saved;
    const note = form.querySelector("[data-unsaved]");
    let leaving = false;
    const count = () => {
        const changed = cellsIn(form).filter(isChanged).length;
        if (note) {
            note.hidden = !changed;
            note.textContent = changed ? `有 ${changed} 格改动还没有保存` : "";
        }
        return changed;
    };
    const show = (cell) => cell.closest("td").classList.toggle("desk-changed", isChanged(cell));
    form.addEventListener("input", (event) => {
        if (!event.target.classList.contains("desk-cell")) return;
        show(event.target);
        count();
    });
    count();

    window.addEventListener("beforeunload", (event) => {
        if (leaving || !count()) return;
        event.preventDefault();
    });

    // Hundreds of cells stay as they are: only those that were changed are sent.
    form.addEventListener("submit", () => {
        leaving = true;
        cellsIn(form).forEach((cell) => { cell.disabled = !isChanged(cell); });
    });
    window.addEventListener("pageshow", () => {
        leaving = false;
        cellsIn(form).forEach((cell) => { cell.disabled = false; });
    });

    /* --- rows --- */
    const addRow = (board) => {
        const table = board.querySelector(".desk-rows table");
        const template = board.querySelector(".desk-rows template");
        if (!table || !template) return null;
        const name = table.dataset.free;
        table.dataset.free = `n${Number(name.slice(1)) + 1}`;
        const row = template.content.firstElementChild.cloneNode(true);
        [row, ...row.querySelectorAll("*")].forEach((element) => {
            [...element.attributes].forEach((attribute) => {
                if (attribute.value.includes("__row__")) {
                    element.setAttribute(attribute.name, attribute.value.replace("__row__", name));
                }
            });
        });
        table.tBodies[0].append(row);
        return row;
    };
    form.querySelectorAll("[data-add-rows]").forEach((button) => {
        const board = button.closest(".desk-board");
        if (!board.querySelector(".desk-rows template")) return;
        button.addEventListener("click", (event) => {
            event.preventDefault();
            const rows = Array.from({ length: 10 }, () => addRow(board));
            const first = rows[0] && rows[0].querySelector("input.desk-cell");
            if (first) first.focus();
        });
    });

    /* --- keys: up, down and Enter within the column, left and right at the ends of the text --- */
    const neighbour = (cell, down, right) => {
        const row = cell.closest("tr");
        if (right) {
            const cells = cellsIn(row);
            return cells[cells.indexOf(cell) + right];
        }
        const column = cell.closest("td").cellIndex;
        let next = row;
        do {
            next = down > 0 ? next.nextElementSibling : next.previousElementSibling;
            const found = next && next.offsetParent !== null && next.cells[column] && next.cells[column].querySelector("input.desk-cell");
            if (found) return found;
        } while (next);
        return null;
    };
    form.addEventListener("keydown", (event) => {
        const cell = event.target;
        if (!cell.classList.contains("desk-cell") || event.isComposing) return;
        const start = cell.selectionStart === 0 && cell.selectionEnd === 0;
        const all = cell.selectionStart === 0 && cell.selectionEnd === cell.value.length;
        const end = cell.selectionStart === cell.value.length;
        let next = null;
        if (event.key === "Enter") {
            event.preventDefault();
            next = neighbour(cell, event.shiftKey ? -1 : 1, 0);
        } else if (event.key === "ArrowDown") next = neighbour(cell, 1, 0);
        else if (event.key === "ArrowUp") next = neighbour(cell, -1, 0);
        else if (event.key === "ArrowLeft" && (start || all)) next = neighbour(cell, 0, -1);
        else if (event.key === "ArrowRight" && (end || all)) next = neighbour(cell, 0, 1);
        if (!next) return;
        event.preventDefault();
        next.focus();
        next.select();
    });

    /* --- cells copied from a sheet fill the table from here on --- */
    form.addEventListener("paste", (event) => {
        const cell = event.target;
        if (!cell.classList.contains("desk-cell")) return;
        const text = event.clipboardData ? event.clipboardData.getData("text/plain") : "";
        const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t"));
        if (lines.length < 2 && lines[0].length < 2) return;
        event.preventDefault();
        const board = cell.closest(".desk-board");
        const first = cellsIn(cell.closest("tr")).indexOf(cell);
        let row = cell.closest("tr");
        lines.forEach((line, number) => {
            if (number) {
                do {
                    row = row.nextElementSibling || addRow(board);
                } while (row && !cellsIn(row).length);
            }
            if (!row) return;
            const cells = cellsIn(row);
            line.forEach((value, at) => {
                const target = cells[first + at];
                if (!target) return;
                target.value = value.trim();
                show(target);
            });
        });
        count();
    });
})();
