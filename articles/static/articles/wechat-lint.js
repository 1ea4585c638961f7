/* WeChat's structure rules over the article while it is written: in the checks panel, with the counts below the form. */
(() => {
    "use strict";

    const form = document.getElementById("page-edit-form");
    if (!form?.elements.digest || !form.querySelector('[data-contentpath="body"]')) return;
    const panel = document.querySelector('[data-side-panel="checks"]');
    if (!panel || document.body.classList.contains("content-locked")) return;

    const addresses = JSON.parse(document.getElementById("wechat-lint").textContent);
    const { essence, typed } = window.articleCopies;
    const EVERY = 1500;
    const PATIENCE = 15_000;

    const place = new URL(form.action, location.href).pathname;
    const article = place.match(/\/pages\/(\d+)\/edit\/$/);
    const column = place.match(/\/pages\/add\/articles\/articlepage\/(\d+)\/$/);
    if (!article && !column) return;
    const address = article
        ? addresses.edit.replace("/0/", `/${article[1]}/`)
        : addresses.create.replace("/0/", `/${column[1]}/`);

    const element = (tag, className, words = "") => {
        const made = document.createElement(tag);
        made.className = className;
        made.textContent = words;
        return made;
    };

    /* --- where it is shown ---------------------------------------------------------------- */

    const section = element("section", "wechat-lint");
    const heading = element("h2", "", "微信排版检查");
    heading.id = "wechat-lint-heading";
    section.setAttribute("aria-labelledby", heading.id);
    const state = element("p", "wechat-lint__state", "正在检查……");
    state.setAttribute("role", "status");
    const found = element("div", "wechat-lint__found");
    section.append(heading, state, found);
    (panel.querySelector(".w-divide-y") ?? panel).prepend(section);

    const summary = element("button", "wechat-lint__summary");
    summary.type = "button";
    summary.hidden = true;
    document.querySelector(".editor-foot")?.append(summary);
    summary.addEventListener("click", () => {
        if (panel.hidden) document.querySelector('[data-side-panel-toggle="checks"]')?.click();
    });

    const show = (answer) => {
        /* Written by our own template, which escapes what people typed. */
        found.innerHTML = answer.html;
        state.textContent = "";
        const parts = [];
        if (answer.errors) parts.push(`${answer.errors} 处必须改`);
        if (answer.warnings) parts.push(`${answer.warnings} 处请留意`);
        summary.textContent = `微信排版：${parts.join("，") || "没有问题"}`;
        summary.classList.toggle("wechat-lint__summary--over", answer.errors > 0);
        summary.hidden = false;
    };

    /* To the block in which something was found. */
    found.addEventListener("click", (event) => {
        const button = event.target.closest("[data-wechat-lint-block]");
        if (!button) return;
        const block = form.querySelector(`[data-contentpath="${CSS.escape(button.dataset.wechatLintBlock)}"]`);
        if (!block) {
            state.textContent = "这一块已经不在正文里了，稍等会重新检查。";
            return;
        }
        /* On a narrow window the panel lies over the form. */
        if (matchMedia("(max-width: 50rem)").matches) document.querySelector("[data-form-side-close-button]")?.click();
        block.scrollIntoView({ block: "center" });
        block.classList.add("wechat-lint-shown");
        setTimeout(() => block.classList.remove("wechat-lint-shown"), 3000);
        const field = block.querySelector('[contenteditable="true"]') ?? block.querySelector('input:not([type="hidden"]), textarea, button');
        field?.focus({ preventScroll: true });
    });

    /* --- asking --------------------------------------------------------------------------- */

    let judged = null;
    let seen = null;
    let asking = false;

    const ask = async (now) => {
        asking = true;
        try {
            const answer = await fetch(address, {
                method: "POST",
                body: new FormData(form),
                headers: { "X-Requested-With": "XMLHttpRequest" },
                credentials: "same-origin",
                signal: AbortSignal.timeout(PATIENCE),
            });
            judged = now;
            if (answer.status === 403 || answer.redirected) {
                state.textContent = "登录已过期，没有检查。请在新窗口登录。";
            } else if (!answer.ok) {
                state.textContent = "服务器出了问题，没有检查。不影响写稿，稍后改动时会再试。";
            } else {
                const result = await answer.json();
                if (result.is_valid) show(result);
                else state.textContent = "有的内容还没有填对，填好后再检查；下面是上一次的结果。";
            }
        } catch {
            judged = null;
            state.textContent = "连不上服务器，没有检查。连上后会再试。";
        }
        asking = false;
    };

    /* Asked when the person has paused: the form is as it was a moment ago, and not as it was judged. */
    const look = () => {
        if (asking || document.hidden) return;
        const now = essence(typed(form));
        if (now === seen && now !== judged) ask(now);
        seen = now;
    };

    const begin = () => setInterval(look, EVERY);
    if (document.readyState === "complete") begin();
    else window.addEventListener("load", begin, { once: true });
})();
