// Dragging in the calendar: what is dropped on a day posts the same form as “改到…”. The server
// decides; a page that comes back with a refusal has everything where it was.
(() => {
  const form = document.getElementById("cal-drop");
  if (!form) return;
  const page = document.querySelector(".cal-page");
  let dragged = null;

  const target = (event) => (dragged ? event.target.closest("[data-day]") : null);
  const clear = () => page.querySelectorAll(".cal-over").forEach((day) => day.classList.remove("cal-over"));

  page.addEventListener("dragstart", (event) => {
    const entry = event.target.closest?.("[data-item]");
    if (!entry) return;
    dragged = entry;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", entry.dataset.item);
    entry.classList.add("cal-dragged");
  });

  page.addEventListener("dragover", (event) => {
    const day = target(event);
    if (!day) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
    if (!day.classList.contains("cal-over")) {
      clear();
      day.classList.add("cal-over");
    }
  });

  page.addEventListener("drop", (event) => {
    const day = target(event);
    if (!day) return;
    event.preventDefault();
    if (day === dragged.closest("[data-day]")) return;
    form.elements.namedItem("item").value = dragged.dataset.item;
    form.elements.namedItem("day").value = day.dataset.day;
    form.submit();
  });

  page.addEventListener("dragend", () => {
    clear();
    dragged?.classList.remove("cal-dragged");
    dragged = null;
  });
})();
