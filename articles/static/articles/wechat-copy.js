/* 复制到微信: the article as WeChat's editor takes it, put onto the clipboard with its looks. */
(() => {
    "use strict";

    const PATIENCE = 15_000;
    const SAVED = "复制的是最新保存的一稿，没保存的改动不在里面。";

    /* Typing, and what Wagtail notices beside it: blocks that were moved or deleted. Saving loads the page anew. */
    let hasEdits = false;
    document.addEventListener("w-unsaved:add", () => { hasEdits = true; });
    document.getElementById("page-edit-form")?.addEventListener("input", () => { hasEdits = true; });

    /* Beside the button where there is room for it, else at the top of the screen. */
    const say = (button, type, text) => {
        const beside = button.parentElement.querySelector("[role=status]");
        if (beside) {
            beside.textContent = text;
            beside.className = `wechat-copy__${type}`;
            return;
        }
        document.dispatchEvent(new CustomEvent("w-messages:add", { detail: { clear: true, text, type } }));
        document.querySelector(".messages")?.scrollIntoView({ block: "nearest" });
    };

    /* {html, text, notes}. Throws a sentence when there is nothing to copy. */
    const fetched = async (address) => {
        let answer;
        try {
            answer = await fetch(address, {
                headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
                credentials: "same-origin",
                cache: "no-store",
                signal: AbortSignal.timeout(PATIENCE),
            });
        } catch {
            throw new Error("没有复制：服务器没有回答，请稍后再试。");
        }
        if (answer.status === 403 || answer.redirected) throw new Error("没有复制：登录已失效，请重新登录后再试。");
        if (!answer.ok) throw new Error(`没有复制：服务器出错（${answer.status}），请告诉管理员。`);
        const found = await answer.json();
        if (!found.html) throw new Error(found.problem);
        return found;
    };

    /* Where the page is not served by https there is no clipboard to write to: the browser copies what is selected. */
    const copySelected = ({ html, text }) => {
        const put = (event) => {
            event.clipboardData.setData("text/html", html);
            event.clipboardData.setData("text/plain", text);
            event.preventDefault();
        };
        const selected = document.createElement("textarea");
        selected.value = text;
        selected.style.cssText = "position:fixed;inset:0 auto auto 0;opacity:0";
        document.body.append(selected);
        selected.select();
        document.addEventListener("copy", put, { once: true });
        try {
            return document.execCommand("copy");
        } finally {
            document.removeEventListener("copy", put);
            selected.remove();
        }
    };

    const copy = async (found) => {
        if (!navigator.clipboard?.write) return copySelected(found);
        const part = (type, words) => [type, new Blob([words], { type })];
        const item = new ClipboardItem(
            Object.fromEntries([part("text/html", found.html), part("text/plain", found.text)]),
        );
        try {
            await navigator.clipboard.write([item]);
            return true;
        } catch {
            return copySelected(found);
        }
    };

    document.addEventListener("click", async (event) => {
        const button = event.target.closest?.("[data-wechat-copy]");
        if (!button || button.disabled) return;
        event.preventDefault();
        button.disabled = true;
        try {
            const found = await fetched(button.dataset.wechatCopy);
            if (!(await copy(found))) throw new Error("没有复制：浏览器不让写剪贴板，请换一个浏览器再试。");
            const more = [...(hasEdits ? [SAVED] : []), ...(found.problem ? [found.problem] : []), ...found.notes];
            say(button, more.length ? "warning" : "success", ["已复制，请到公众号后台的编辑框里粘贴。", ...more].join(""));
        } catch (error) {
            say(button, "error", error.message);
        } finally {
            button.disabled = false;
        }
    });

    /* The way of looking that is chosen on the desk. */
    document.addEventListener("click", (event) => {
        const link = event.target.closest?.(".desk-modes a");
        if (!link) return;
        for (const each of link.parentElement.children) each.removeAttribute("aria-current");
        link.setAttribute("aria-current", "true");
    });
})();
