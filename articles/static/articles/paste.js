/*
 * Pasting from Word, WPS, WeChat or a page into the body of an article.
 *
 * Text with a structure is sent to the server, cleaned there, and put in as blocks after the
 * paragraph in which the cursor stands. Words within one paragraph, plain text and what comes from
 * this editor itself are left to the editor.
 */
(() => {
  const script = document.currentScript;
  const address = script.dataset.cleanPaste;
  const MOST_BYTES = 2 * 1024 * 1024;
  const MOST_CHARACTERS = 50000;
  const TOO_LONG =
    "粘贴的内容太长，没有放进来，剪贴板里的原文还在。请分几次粘贴，或存成 .docx 后用“从 Word 新建”。";
  const FAILED = "粘贴的内容没有放进来，剪贴板里的原文还在。请检查网络后再粘贴一次。";
  // So many blocks are put in at a time; the page answers in between.
  const AT_ONCE = 4;

  /** Say `text` where the person is looking: above the block that was pasted into or put in. */
  const say = (text, type, child) => {
    document.querySelectorAll(".paste-note").forEach((note) => note.remove());
    const note = document.createElement("p");
    note.className = `paste-note help-block help-${type}`;
    note.setAttribute("role", "status");
    note.textContent = text;
    child.element.prepend(note);
    note.scrollIntoView({ block: "nearest" });
  };

  const parsed = (html) => new DOMParser().parseFromString(html, "text/html").body;

  /** Whether this is more than words of one paragraph. */
  const hasStructure = (body) => {
    if (body.querySelector("h1,h2,h3,h4,h5,h6,table,ul,ol,blockquote,img,hr")) return true;
    const parts = [...body.querySelectorAll("p,section,div")].filter(
      (part) => part.textContent.trim() && !part.querySelector("p,section,div"),
    );
    return parts.length > 1;
  };

  /** The stream of the body and the place in it of the paragraph that holds `target`. */
  const placeOf = (target) => {
    const root = document.getElementById("body-root");
    const stream = root && root.rootBlock;
    if (!stream || !root.contains(target)) return null;
    const at = stream.children.findIndex((child) => child.element.contains(target));
    const child = stream.children[at];
    return child && child.type === "paragraph" ? { stream, at, child } : null;
  };

  const isEmpty = (child) => !child.element.querySelector(".public-DraftEditor-content").textContent.trim();

  /**
   * Put `blocks` in after the paragraph, a few at a time; an empty paragraph gives way. Answers
   * the first of them.
   */
  const putIn = ({ stream, child }, blocks) =>
    new Promise((done) => {
      let at = stream.children.indexOf(child) + 1;
      const first = at;
      const rest = [...blocks];
      const some = () => {
        rest.splice(0, AT_ONCE).forEach((block) => {
          stream.insert(block, at, { animate: false, focus: false });
          at += 1;
        });
        if (rest.length) {
          setTimeout(some);
          return;
        }
        const put = stream.children[first];
        if (isEmpty(child)) stream.deleteBlock(stream.children.indexOf(child));
        done(put);
      };
      some();
    });

  const clean = async (html, place) => {
    const form = new FormData();
    form.append("html", html);
    const edited = window.location.pathname.match(/\/pages\/(\d+)\/edit\//);
    if (edited) form.append("article", edited[1]);
    const { CSRF_HEADER_NAME, CSRF_TOKEN } = window.wagtailConfig;
    const response = await fetch(address, {
      method: "POST",
      headers: { [CSRF_HEADER_NAME]: CSRF_TOKEN },
      body: form,
    });
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    if (!isJson) {
      const isTooLong = response.status === 413 || response.status === 400;
      say(isTooLong ? TOO_LONG : FAILED, "critical", place.child);
      return;
    }
    const answer = await response.json();
    if (!response.ok) {
      say(answer.message, "critical", place.child);
      return;
    }
    if (!answer.blocks.length) {
      say(
        ["剪贴板里没有可以放进正文的文字。", ...answer.warnings].join(""),
        "warning",
        place.child,
      );
      return;
    }
    const first = await putIn(place, answer.blocks);
    say(
      [`已把粘贴的内容整理成 ${answer.blocks.length} 个内容块。`, ...answer.warnings].join(""),
      answer.warnings.length ? "warning" : "info",
      first,
    );
  };

  document.addEventListener(
    "paste",
    (event) => {
      const place = event.clipboardData && placeOf(event.target);
      if (!place) return;
      const html = event.clipboardData.getData("text/html");
      const text = event.clipboardData.getData("text/plain");
      const take = () => {
        event.preventDefault();
        event.stopImmediatePropagation();
      };
      if (text.length > MOST_CHARACTERS || new Blob([html]).size > MOST_BYTES) {
        take();
        say(TOO_LONG, "critical", place.child);
        return;
      }
      if (!html || html.includes("data-draftail-editor-content")) return;
      if (!hasStructure(parsed(html))) return;
      take();
      clean(html, place).catch(() => say(FAILED, "critical", place.child));
    },
    true,
  );
})();
