// Takes an excerpt from the words of a report into the field beside them: select words, or press
// “Quote” after a paragraph. Says at once whether what the field holds stands in the report, word for
// word. Without it, words are copied by hand, and the server alone judges.
const QUOTED = "p, li, blockquote, pre, td, th";
const BLOCKS = `${QUOTED}, h3, h4, h5, h6`;

// As the server compares: white space and typographic quotes do not matter.
function folded(text) {
  const plain = text.replace(/[’‘]/g, "'").replace(/[“”«»]/g, '"').replace(/…/g, "...");
  return plain.split(/\s+/).filter(Boolean).join(" ").replace(/ ?" ?/g, '"');
}

// Ends at a sentence, where a paragraph is longer than an excerpt may be.
function fitting(text, most) {
  if (text.length <= most) return text;
  const cut = text.slice(0, most);
  const end = Math.max(...[". ", "! ", "? "].map((mark) => cut.lastIndexOf(mark)));
  return end > 0 ? cut.slice(0, end + 1) : cut;
}

customElements.define(
  "quote-picker",
  class extends HTMLElement {
    connectedCallback() {
      this.field = this.querySelector("[name=excerpt]");
      if (!this.field || this.status) return;
      this.sources = [...this.querySelectorAll("[data-words]")];
      this.words = folded(this.sources.map((source) => this.textOf(source)).join(" "));
      this.addStatus();
      this.addQuotes();
      this.addCite();
      this.field.addEventListener("input", () => this.judge());
      if (this.field.value) this.judge();
    }

    disconnectedCallback() {
      document.removeEventListener("selectionchange", this.selected);
    }

    // The words under `node`, its blocks apart and our own buttons left out.
    textOf(node) {
      const copy = node.cloneNode(true);
      copy.querySelectorAll?.("button").forEach((button) => button.remove());
      copy.querySelectorAll?.(`${BLOCKS}, br`).forEach((block) => block.append(" "));
      copy.querySelectorAll?.("br").forEach((line) => line.replaceWith(" "));
      return copy.textContent.replace(/[^\S\u00a0\u202f]+/g, " ").trim();
    }

    addStatus() {
      this.status = document.createElement("p");
      this.status.className = "small";
      this.status.setAttribute("role", "status");
      this.field.after(this.status);
      const hint = document.createElement("p");
      hint.className = "meta noprint";
      hint.textContent = this.dataset.hint;
      this.field.closest(".field").before(hint);
    }

    // One “Quote” after each paragraph; Tab reaches one of them, the arrows go on from there.
    addQuotes() {
      const inner = (block) => !block.querySelector(BLOCKS) && block.textContent.trim();
      const blocks = this.sources.flatMap((source) => [...source.querySelectorAll(QUOTED)].filter(inner));
      this.quotes = blocks.map((block) => {
        const text = this.textOf(block);
        const button = document.createElement("button");
        button.type = "button";
        button.className = "quote-this noprint";
        button.lang = document.documentElement.lang;
        button.textContent = this.dataset.quote;
        button.setAttribute("aria-label", `${this.dataset.quote}: ${text.slice(0, 80)}`);
        button.tabIndex = -1;
        button.addEventListener("click", () => this.take(text));
        button.addEventListener("keydown", (event) => this.move(event));
        block.append(" ", button);
        return button;
      });
      if (this.quotes.length) this.quotes[0].tabIndex = 0;
    }

    move(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const next = step && this.quotes[this.quotes.indexOf(event.target) + step];
      if (!next) return;
      event.preventDefault();
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    }

    // A button beside the selection, while there is one in this report.
    addCite() {
      this.cite = document.createElement("button");
      this.cite.type = "button";
      this.cite.className = "btn primary small cite-these";
      this.cite.textContent = this.dataset.cite;
      this.cite.hidden = true;
      // A press must not undo the selection before the click reads it.
      this.cite.addEventListener("pointerdown", (event) => event.preventDefault());
      this.cite.addEventListener("click", () => this.take(this.chosen()));
      this.append(this.cite);
      this.selected = () => this.showCite();
      document.addEventListener("selectionchange", this.selected);
    }

    chosen() {
      const selection = document.getSelection();
      if (!selection.rangeCount || selection.isCollapsed) return "";
      const range = selection.getRangeAt(0);
      const within = this.sources.some((source) => source.contains(range.commonAncestorContainer));
      return within ? this.textOf(range.cloneContents()) : "";
    }

    showCite() {
      this.cite.hidden = !this.chosen();
      if (this.cite.hidden) return;
      const place = document.getSelection().getRangeAt(0).getBoundingClientRect();
      const below = Math.min(place.bottom + 8, innerHeight - 48);
      this.cite.style.insetBlockStart = `${Math.max(8, below)}px`;
      this.cite.style.insetInlineStart = `${Math.max(8, Math.min(place.left, innerWidth - 200))}px`;
    }

    take(text) {
      if (!text) return;
      this.field.value = fitting(text, Number(this.field.maxLength) > 0 ? this.field.maxLength : 2000);
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
      document.getSelection().removeAllRanges();
      this.cite.hidden = true;
      this.field.focus();
    }

    judge() {
      const quoted = folded(this.field.value);
      const stands = this.words.includes(quoted);
      this.status.textContent = quoted ? this.dataset[stands ? "stands" : "gone"] : "";
      this.status.classList.toggle("err", Boolean(quoted) && !stands);
    }
  },
);
