// The review form works without this. With it, one source can be put to all facts of a kind.
function offerOneSource(same) {
  const source = same.querySelector("input");
  same.hidden = false;
  same.querySelector("button").addEventListener("click", () => {
    if (!source.value.trim()) {
      source.focus();
      return;
    }
    for (const row of same.closest("[data-review-group]").querySelectorAll("li")) {
      if (row.querySelector("[name^='false-']").checked) continue;
      const own = row.querySelector("[name^='source-']");
      if (!own.value) own.value = source.value.trim();
      row.querySelector("[name^='checked-']").checked = true;
    }
  });
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-review-same]").forEach(offerOneSource);
  // Enter in a line of the form approves nothing.
  for (const form of document.querySelectorAll("[data-review-form]")) {
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
    });
  }
});
