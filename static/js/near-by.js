// Shows what is near: at once, and again some seconds after typing in its form stops.
const QUIET = 4000;

customElements.define(
  "near-by",
  class extends HTMLElement {
    connectedCallback() {
      this.form = document.getElementById(this.dataset.form);
      this.later = () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.ask(), QUIET);
      };
      this.form?.addEventListener("input", this.later);
      this.hidden = false;
      this.ask();
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.asking?.abort();
      this.form?.removeEventListener("input", this.later);
    }

    async ask() {
      this.asking?.abort();
      this.asking = new AbortController();
      const { signal } = this.asking;
      const sent = this.form ? { method: "POST", body: new FormData(this.form), signal } : { signal };
      try {
        const answer = await fetch(this.dataset.url, sent);
        if (answer.ok) this.show(new DOMParser().parseFromString(await answer.text(), "text/html"));
      } catch {
        // Offline, or asked again meanwhile: what is shown stays.
      }
    }

    // What is being read, with the keyboard or under the pointer, is not replaced: it waits.
    show(page) {
      const [told, list] = this.parts(page);
      if (!told || !list) return;
      const [before, shown] = this.parts(this);
      if (shown.textContent === list.textContent && before.textContent === told.textContent) return;
      if (shown.contains(document.activeElement) || shown.matches(":hover")) return this.later();
      shown.replaceWith(list);
      before.textContent = told.textContent;
      this.querySelector("[data-live]").textContent = told.textContent;
    }

    parts(within) {
      return ["[data-told]", "[data-list]"].map((name) => within.querySelector(name));
    }
  },
);
