/* The editor of articles: counts, a copy of what is typed, and no save into a session that has ended. */
(() => {
    "use strict";

    const form = document.getElementById("page-edit-form");
    if (!form?.elements.digest || !form.querySelector('[data-contentpath="body"]')) return;
    const settings = JSON.parse(document.getElementById("article-editor").textContent);
    const { Copies, essence, typed } = window.articleCopies;
    const EVERY = 2000;
    const PATIENCE = 15_000;

    const address = new URL(form.action, location.href).pathname;
    const article = address.match(/\/pages\/(\d+)\/edit\/$/);
    const column = address.match(/\/pages\/add\/articles\/articlepage\/(\d+)\/$/);
    const place = article ? `page-${article[1]}` : `new-${column?.[1] ?? ""}`;
    const revision = form.elements.loaded_revision_id?.value ?? "";
    const isLocked = document.body.classList.contains("content-locked");

    const element = (tag, className, ...children) => {
        const made = document.createElement(tag);
        if (className) made.className = className;
        made.append(...children);
        return made;
    };
    const button = (words, secondary, act) => {
        const made = element("button", `button button-small${secondary ? " button-secondary" : ""}`, words);
        made.type = "button";
        made.addEventListener("click", act);
        return made;
    };
    const hidden = (name, value) => {
        const made = element("input");
        Object.assign(made, { type: "hidden", name, value });
        return made;
    };

    /* --- counts --------------------------------------------------------------------------- */

    const footer = form.querySelector("footer");
    const counts = element("div", "editor-counts");
    const trouble = element("div", "editor-trouble");
    trouble.setAttribute("role", "status");
    footer?.append(element("div", "editor-foot", counts, trouble));
    const count = () => window.articleCounts.show(counts, form, settings);

    /* --- the session ---------------------------------------------------------------------- */

    /* {user, token, saved}, or null when nobody is signed in. Throws when the server does not answer. */
    const askSession = async () => {
        const answer = await fetch(settings.session, {
            headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
            credentials: "same-origin",
            cache: "no-store",
            signal: AbortSignal.timeout(PATIENCE),
        });
        if (answer.status === 403 || answer.redirected) return null;
        if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
        return answer.json();
    };

    /* Says what is wrong; answers whether to try again. */
    const ask = (heading, words, again, link) =>
        new Promise((resolve) => {
            const dialog = element("dialog", "editor-dialog");
            const title = element("h2", "", heading);
            title.id = "editor-dialog-title";
            dialog.setAttribute("aria-labelledby", title.id);
            const buttons = element("p", "desk-buttons");
            if (link) {
                const login = element("a", "button button-small", "在新窗口登录");
                Object.assign(login, { href: settings.login, target: "_blank", rel: "noopener" });
                buttons.append(login);
            }
            buttons.append(
                button(again, Boolean(link), () => dialog.close("again")),
                button("返回编辑", true, () => dialog.close()),
            );
            dialog.append(title, element("p", "", words), buttons);
            dialog.addEventListener("close", () => {
                dialog.remove();
                resolve(dialog.returnValue === "again");
            });
            document.body.append(dialog);
            dialog.showModal();
        });

    let user = null;

    /* Whether the form may be sent now; when not, the person has been told why. */
    const mayBeSent = async () => {
        for (;;) {
            let again;
            try {
                const session = await askSession();
                if (session && (user === null || session.user === user)) {
                    form.elements.csrfmiddlewaretoken.value = session.token;
                    return true;
                }
                again = session
                    ? await ask(
                          "现在登录的是另一个账号",
                          "有人在这台电脑上换了账号，照这样保存会记在对方名下。您的内容还在本页。请换回您的账号登录，再继续保存。",
                          "已换回，继续保存",
                          true,
                      )
                    : await ask(
                          "登录已过期，内容还在",
                          "请在新窗口登录，回到这里再按“已登录，继续保存”。不要关闭本页。",
                          "已登录，继续保存",
                          true,
                      );
            } catch {
                again = await ask(
                    "连不上服务器，没有保存",
                    "内容还在本页，这台电脑上也留了一份。请检查网络，稍后再试。",
                    "再试一次",
                    false,
                );
            }
            if (!again) return false;
        }
    };

    /* --- the copy ------------------------------------------------------------------------- */

    let copies = null;
    let untouched = null;
    const name = hidden("copy", "");
    form.append(name);

    /* What the form held before the person first did something in it. */
    const noteUntouched = () => {
        untouched ??= essence(typed(form));
    };
    for (const event of ["pointerdown", "keydown", "focusin", "paste", "drop"]) {
        form.addEventListener(event, noteUntouched, { capture: true, once: true });
    }

    let kept = "";
    const keep = () => {
        if (!copies || untouched === null || isLocked) return;
        const now = essence(typed(form));
        if (now === kept || (now === untouched && !kept)) return;
        kept = now;
        if (now === untouched) copies.drop();
        else trouble.textContent = copies.keep(form) ? "" : "这台电脑上留不下副本（太长或空间不足），请勤按保存。";
    };

    const clock = (at) => {
        const day = new Date(at);
        const [hours, minutes] = [day.getHours(), day.getMinutes()].map((part) => String(part).padStart(2, "0"));
        return `${day.getMonth() + 1}月${day.getDate()}日 ${hours}:${minutes}`;
    };

    const restore = (key, copy) => {
        const again = element("form");
        Object.assign(again, { method: "post", action: form.action, hidden: true });
        const fields = [...copy.fields, ["csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value], ["copy", key.split(":").pop()]];
        if (copy.revision) fields.push(["loaded_revision_id", copy.revision]);
        again.append(...fields.map(([each, value]) => hidden(each, value)));
        document.body.append(again);
        again.submit();
    };

    const offer = () => {
        document.querySelector(".editor-offer")?.remove();
        const found = copies.left(form);
        name.value = copies.name;
        if (!found) return;
        const [key, copy] = found;
        const bar = element(
            "div",
            "editor-offer",
            element("span", "", `这台电脑上有 ${clock(copy.at)} 没保存的内容。`),
            button("恢复", false, () => restore(key, copy)),
            button("丢弃", true, () => {
                localStorage.removeItem(key);
                offer();
            }),
        );
        bar.setAttribute("role", "region");
        bar.setAttribute("aria-label", "没保存的内容");
        form.before(bar);
    };

    /* Before Wagtail's scripts have drawn the body, a copy of the same words would seem another. */
    const drawn = new Promise((resolve) => {
        if (document.readyState === "complete") resolve();
        else window.addEventListener("load", resolve, { once: true });
    });

    const begin = async () => {
        await drawn;
        let session;
        try {
            session = await askSession();
        } catch {
            session = null;
        }
        if (!session) {
            trouble.textContent = "这台电脑上没有留副本：连不上服务器或登录已过期。";
            return;
        }
        user = session.user;
        copies = new Copies(user, place, revision);
        Copies.sweep(session.saved);
        offer();
    };

    /* --- sending -------------------------------------------------------------------------- */

    let goes = false;
    window.addEventListener(
        "submit",
        async (event) => {
            if (event.target !== form || goes) return;
            event.preventDefault();
            event.stopImmediatePropagation();
            const pressed = event.submitter;
            noteUntouched();
            keep();
            const sent = await mayBeSent();
            if (!sent) {
                for (const each of form.querySelectorAll("[data-w-progress-loading-value]")) {
                    each.dataset.wProgressLoadingValue = "false";
                }
                return;
            }
            keep();
            goes = true;
            /* The button may be switched off by now, and would not be sent. */
            const instead = pressed?.name ? hidden(pressed.name, pressed.value) : null;
            if (instead) form.append(instead);
            form.requestSubmit();
            instead?.remove();
            goes = false;
        },
        { capture: true },
    );

    window.addEventListener("pagehide", keep);
    document.addEventListener("visibilitychange", () => document.hidden && keep());
    setInterval(() => {
        count();
        keep();
    }, EVERY);
    form.addEventListener("input", count);
    /* The blocks of the body are drawn by scripts of their own, a moment after the page. */
    new MutationObserver(count).observe(form.querySelector('[data-contentpath="body"]'), { childList: true, subtree: true });
    count();
    begin();
})();
