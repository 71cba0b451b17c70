// Looks again at the words of the form some seconds after typing stops, and says what changed.
// Without it, the same block comes with every page of the form.
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
      if ("focus" in this.dataset && !document.querySelector("error-summary")) this.focus();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.form?.removeEventListener("input", this.later);
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
      const mine = this.querySelector("[data-list]");
      if (mine.contains(document.activeElement)) return this.later();
      if (mine.textContent === list.textContent) return;
      mine.replaceWith(list);
      this.querySelector("[data-told]").textContent = told.textContent;
      this.querySelector("[data-live]").textContent = told.textContent;
    }
  },
);
