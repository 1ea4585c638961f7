/* Copies of what is typed, kept in this browser until they are saved, for seven days at most. A copy
   belongs to one person, one article and one window; others who sign in here are not shown it. */
(() => {
    "use strict";

    const PREFIX = "article-copy:";
    const DAYS = 7;
    const LARGEST = 1_500_000;
    /* These belong to one request, not to what was typed. */
    const OF_THE_REQUEST = new Set(["csrfmiddlewaretoken", "loaded_revision_id", "loaded_revision_created_at", "copy", "next"]);

    const newName = () =>
        [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

    const typed = (form) =>
        [...new FormData(form)].filter(
            ([name, value]) => typeof value === "string" && !OF_THE_REQUEST.has(name) && !name.startsWith("action-"),
        );

    const inOrder = (value) => {
        if (Array.isArray(value)) return value.map(inOrder);
        if (value === null || typeof value !== "object") return value;
        return Object.fromEntries(Object.keys(value).sort().map((each) => [each, inOrder(value[each])]));
    };

    /* Rich text is JSON with random keys, and the server writes it with other spaces and another order
       than the editor, which draws it later: two forms are the same when their words are. */
    const essence = (fields) =>
        JSON.stringify(
            fields.map(([name, value]) => {
                if (!/^\{\s*"/.test(value)) return [name, value];
                try {
                    const { blocks, entityMap } = JSON.parse(value);
                    return [name, inOrder(blocks.map(({ key, data, ...rest }) => rest)), inOrder(Object.values(entityMap ?? {}))];
                } catch {
                    return [name, value];
                }
            }),
        );

    class Copies {
        constructor(user, place, revision) {
            this.owner = `${PREFIX}${user}:${place}:`;
            this.revision = revision;
            this.name = newName();
        }

        /* Every copy in this browser as [key, copy]; what cannot be read is thrown away. */
        static all() {
            const found = [];
            for (const key of Object.keys(localStorage).filter((each) => each.startsWith(PREFIX))) {
                try {
                    const copy = JSON.parse(localStorage.getItem(key));
                    if (!Array.isArray(copy.fields) || !(copy.at > 0)) throw new TypeError(key);
                    found.push([key, copy]);
                } catch {
                    localStorage.removeItem(key);
                }
            }
            return found;
        }

        /* Away with what is too old, whosever it is, and with what has been saved. */
        static sweep(saved) {
            const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
            for (const [key, copy] of Copies.all()) {
                if (copy.at < oldest || saved.includes(key.split(":").pop())) localStorage.removeItem(key);
            }
        }

        /* The newest one of this person and article that is not what the form shows anyway. */
        left(form) {
            const shown = essence(typed(form));
            const mine = Copies.all().filter(([key]) => key.startsWith(this.owner) && !key.endsWith(`:${this.name}`));
            mine.sort(([, one], [, other]) => other.at - one.at);
            for (const [key, copy] of mine) {
                if (essence(copy.fields) !== shown) return [key, copy];
                /* A form that came back with errors: its copy goes on as this window's. */
                this.name = key.split(":").pop();
            }
            return null;
        }

        /* Whether the copy could be kept. */
        keep(form) {
            const copy = JSON.stringify({ at: Date.now(), revision: this.revision, fields: typed(form) });
            if (copy.length > LARGEST) return false;
            try {
                localStorage.setItem(this.owner + this.name, copy);
                return true;
            } catch {
                return false; /* full, or switched off */
            }
        }

        drop() {
            localStorage.removeItem(this.owner + this.name);
        }
    }

    window.articleCopies = { Copies, essence, typed };
})();
