/* Ticking whole lists, pasting screenshots, and seeing the chosen picture before it is sent. */
(() => {
    "use strict";

    document.querySelectorAll("[data-tick-all]").forEach((button) => {
        const boxes = () => [...button.closest("table").querySelectorAll("input[name=row]")];
        button.hidden = false;
        button.addEventListener("click", () => {
            const all = boxes().every((box) => box.checked);
            boxes().forEach((box) => { box.checked = !all; });
            button.textContent = all ? "全选" : "全不选";
        });
    });

    const field = document.querySelector("input[type=file][name=evidence]");
    if (!field) return;
    const shown = document.querySelector("[data-preview]");

    const show = () => {
        if (!shown) return;
        if (shown.src) URL.revokeObjectURL(shown.src);
        const file = field.files[0];
        const picture = Boolean(file) && /^image\/(png|jpeg|webp|gif)$/.test(file.type);
        shown.hidden = !picture;
        if (picture) shown.src = URL.createObjectURL(file);
        else shown.removeAttribute("src");
    };

    field.addEventListener("change", show);
    document.addEventListener("paste", (event) => {
        const files = event.clipboardData ? [...event.clipboardData.files] : [];
        const picture = files.find((file) => file.type.startsWith("image/"));
        if (!picture) return;
        event.preventDefault();
        const chosen = new DataTransfer();
        chosen.items.add(picture);
        field.files = chosen.files;
        show();
    });
})();
