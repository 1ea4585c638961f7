/* How long the article is, counted while it is written, by the rules of articles/editing/measures.py. */
(() => {
    "use strict";

    /* Characters (code points) without white space. */
    const characters = (text) => [...text.replace(/\p{White_Space}/gu, "")].length;

    /* The words of a rich text field, which hands them to the form as JSON; null for other hidden fields. */
    const richText = (value) => {
        if (!value.startsWith("{")) return null;
        try {
            const { blocks } = JSON.parse(value);
            return Array.isArray(blocks) ? blocks.map((block) => block.text).join("\n") : null;
        } catch {
            return null;
        }
    };

    const bodyCharacters = (form, unread) => {
        const fields = [...form.elements].filter((field) => field.name?.startsWith("body-"));
        const deleted = fields
            .filter((field) => field.name.endsWith("-deleted") && field.value)
            .map((field) => field.name.slice(0, -"deleted".length));
        let total = 0;
        for (const field of fields) {
            const name = field.name;
            if (deleted.some((prefix) => name.startsWith(prefix))) continue;
            if (unread.some((last) => name.endsWith(`-${last}`))) continue;
            if (field.type === "hidden") total += characters(richText(field.value) ?? "");
            else if (field.type === "text" || field.type === "textarea") total += characters(field.value);
        }
        return total;
    };

    const measures = (form, settings) => ({
        title: characters(form.elements.title?.value ?? ""),
        digest: characters(form.elements.digest?.value ?? ""),
        body: bodyCharacters(form, settings.unread),
    });

    const part = (words, warning) => {
        const span = document.createElement("span");
        span.textContent = warning ? `${words}（${warning}）` : words;
        if (warning) span.className = "editor-counts__over";
        return span;
    };

    const show = (box, form, settings) => {
        const { title, digest, body } = measures(form, settings);
        const digestLength = [...(form.elements.digest?.value ?? "")].length;
        const minutes = Math.ceil(body / settings.perMinute);
        box.replaceChildren(
            part(`标题 ${title} 字`, title > settings.titleGood ? `宜在 ${settings.titleGood} 字内` : ""),
            part(`摘要 ${digest} 字`, digestLength > settings.digestMost ? `最多 ${settings.digestMost} 字` : ""),
            part(`正文 ${body} 字`, body > settings.bodyMost ? `最多 ${settings.bodyMost} 字，请分篇` : ""),
            ...(body ? [part(`约 ${minutes} 分钟读完`)] : []),
        );
    };

    window.articleCounts = { measures, show };
})();
