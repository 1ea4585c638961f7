// Dragging the articles of a push into another order. Without it the arrows do the same.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-push-order]");
  const form = document.querySelector("[data-push-order-form]");
  if (!list || !form) return;

  const order = () => [...list.children].map((row) => row.dataset.article).join(",");
  const saved = order();
  let dragged = null;

  list.addEventListener("dragstart", (event) => {
    dragged = event.target.closest("[data-article]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.article);
    dragged.classList.add("push-member--dragged");
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-article]");
    if (!dragged || !over) return;
    event.preventDefault();
    const box = over.getBoundingClientRect();
    const below = event.clientY > box.top + box.height / 2;
    if (over !== dragged) list.insertBefore(dragged, below ? over.nextSibling : over);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    if (!dragged) return;
    dragged.classList.remove("push-member--dragged");
    dragged = null;
    if (order() === saved) return;
    form.elements.order.value = order();
    form.submit();
  });
});
