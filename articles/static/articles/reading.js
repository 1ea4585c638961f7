// Large type and high contrast. The choice stays in this browser; it is set before the first paint.
(() => {
  "use strict";
  const KEY = "reading";
  const MODES = ["large", "contrast"];
  const root = document.documentElement;

  const kept = () => {
    try {
      return (localStorage.getItem(KEY) || "").split(" ");
    } catch {
      return [];
    }
  };

  const show = (chosen) => {
    MODES.forEach((mode) => root.classList.toggle(mode, chosen.includes(mode)));
    document.querySelectorAll("[data-mode]").forEach((button) => {
      const mode = button.dataset.mode;
      const on = mode ? chosen.includes(mode) : !MODES.some((each) => chosen.includes(each));
      button.setAttribute("aria-pressed", String(on));
    });
  };

  const choose = (mode) => {
    const now = MODES.filter((each) => mode && root.classList.contains(each) !== (each === mode));
    try {
      localStorage.setItem(KEY, now.join(" "));
    } catch {
      // Nothing can be kept here; this page follows all the same.
    }
    show(now);
  };

  root.classList.add("js");
  show(kept());
  addEventListener("storage", () => show(kept()));
  // Back from another page: the browser may show this one as it was left.
  addEventListener("pageshow", (event) => event.persisted && show(kept()));
  document.addEventListener("DOMContentLoaded", () => {
    show(kept());
    document.querySelectorAll("[data-mode]").forEach((button) => {
      button.addEventListener("click", () => choose(button.dataset.mode));
    });
  });
})();
