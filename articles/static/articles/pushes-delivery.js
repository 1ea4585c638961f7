// A push on its way to WeChat: what it says of the progress is looked at anew while it is moving.
// When there is something else to press, the page is loaded again, unless somebody is at a form.
document.addEventListener("DOMContentLoaded", () => {
  const place = document.querySelector("[data-delivery]");
  if (!place) return;

  const OFTEN = 3000;
  const SELDOM = 20000;
  let isBusy = false;
  const main = document.querySelector("main");
  main.addEventListener("input", () => { isBusy = true; });
  main.addEventListener("click", (event) => { if (event.target.closest("summary")) isBusy = true; });

  const look = async () => {
    let answer;
    try {
      answer = await fetch(place.dataset.delivery, { credentials: "same-origin", cache: "no-store" });
    } catch {
      setTimeout(look, SELDOM);
      return;
    }
    if (answer.redirected || answer.status === 403) return;
    if (!answer.ok) {
      setTimeout(look, SELDOM);
      return;
    }
    const state = answer.headers.get("X-Delivery-State");
    place.querySelector("[data-delivery-progress]").innerHTML = await answer.text();
    if (state === place.dataset.state) {
      const waits = place.querySelector("[data-delivery-progress] .help-block");
      setTimeout(look, waits || document.hidden ? SELDOM : OFTEN);
    } else if (isBusy) {
      place.querySelector("[data-delivery-changed]").hidden = false;
    } else {
      window.location.reload();
    }
  };
  setTimeout(look, OFTEN);
});
