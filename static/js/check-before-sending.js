// Looks again at the words of the form some seconds after typing stops, and says what changed: here, and under
// the words that it is about, where a button replaces them. Without it, both come with every page of the form.
const QUIET = 3000;

customElements.define(
  "check-before-sending",
  class extends HTMLElement {
    connectedCallback() {
      this.form = document.getElementById(this.dataset.form);
      this.later = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.look(), QUIET);
      };
      this.form?.addEventListener("input", this.later);
      this.replace = (event) => this.press(event);
      this.form?.addEventListener("click", this.replace);
      if ("focus" in this.dataset && !document.querySelector("error-summary")) this.focus();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.form?.removeEventListener("input", this.later);
      this.form?.removeEventListener("click", this.replace);
    }

    // Puts what its button names neutrally, as typing would: the browser can undo it.
    press(event) {
      const button = event.target.closest("button[name=replace]");
      const control = button && this.form.elements[button.value.split(":")[0]];
      if (!control?.setSelectionRange) return;
      event.preventDefault();
      const { words, instead } = button.dataset;
      control.focus();
      for (let at = control.value.indexOf(words); at >= 0; at = control.value.indexOf(words, at + instead.length)) {
        control.setSelectionRange(at, at + words.length);
        if (!document.execCommand("insertText", false, instead)) control.setRangeText(instead);
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
      this.look();
    }

    async look() {
      this.asking?.abort();
      this.asking = new AbortController();
      const { signal } = this.asking;
      try {
        const answer = await fetch(this.dataset.url, { method: "POST", body: new FormData(this.form), signal });
        if (answer.ok) this.show(await answer.text());
      } catch {
        // Offline, or asked again meanwhile: what is shown stays.
      }
    }

    // Replaces the list only when it changed, and never under someone who is reading it.
    show(html) {
      const page = new DOMParser().parseFromString(html, "text/html");
      const [list, told] = ["[data-list]", "[data-told]"].map((name) => page.querySelector(name));
      if (!list || !told) return;
      this.showUnder(page);
      const mine = this.querySelector("[data-list]");
      if (mine.contains(document.activeElement)) return this.later();
      if (mine.textContent === list.textContent) return;
      mine.replaceWith(list);
      this.querySelector("[data-told]").textContent = told.textContent;
      this.querySelector("[data-live]").textContent = told.textContent;
    }

    // Under each field, what is said of its words now.
    showUnder(page) {
      const said = new Map([...page.querySelectorAll("[data-under]")].map((one) => [one.dataset.under, one]));
      for (const shown of this.form.querySelectorAll("[data-under]")) {
        const now = said.get(shown.dataset.under);
        said.delete(shown.dataset.under);
        if (shown.textContent === now?.textContent || shown.contains(document.activeElement)) continue;
        if (now) shown.replaceWith(now);
        else shown.remove();
      }
      for (const [field, list] of said) this.form.querySelector(`#id_${field}`)?.after(list);
    }
  },
);
