// Suggests, under a search box, what the words typed so far may become: stakes, words of the trade, titles.
// Without it, the box searches all the same.
const QUIET = 150;
const SHORTEST = 2;

customElements.define(
  "search-suggestions",
  class extends HTMLElement {
    connectedCallback() {
      this.input = this.querySelector("input");
      this.list = Object.assign(document.createElement("div"), { className: "suggestions", hidden: true });
      this.list.id = `${this.input.id}-suggestions`;
      this.list.setAttribute("role", "listbox");
      this.list.setAttribute("aria-label", this.dataset.label);
      this.told = Object.assign(document.createElement("p"), { className: "sr" });
      this.told.setAttribute("role", "status");
      this.append(this.list, this.told);
      const said = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list" };
      said["aria-controls"] = this.list.id;
      for (const [name, value] of Object.entries(said)) this.input.setAttribute(name, value);
      this.show([]);
      this.input.addEventListener("input", () => this.change());
      this.input.addEventListener("keydown", (event) => this.press(event));
      this.input.addEventListener("blur", () => this.show([]));
      // A press on a suggestion takes the focus from the box, which would take the suggestion away.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    }

    disconnectedCallback() {
      clearTimeout(this.timer);
      this.asking?.abort();
    }

    change() {
      clearTimeout(this.timer);
      this.asking?.abort();
      if (this.input.value.trim().length < SHORTEST) return this.show([]);
      this.timer = setTimeout(() => this.ask(), QUIET);
    }

    async ask() {
      this.asking = new AbortController();
      const { signal } = this.asking;
      try {
        const query = new URLSearchParams({ q: this.input.value });
        const answer = await fetch(`${this.dataset.url}?${query}`, { signal });
        if (answer.ok) this.show((await answer.json()).suggestions);
      } catch {
        // Offline, or asked again meanwhile: the box searches all the same.
      }
    }

    show(suggestions) {
      const shown = document.activeElement === this.input ? suggestions : [];
      this.list.replaceChildren(...shown.map((one, number) => this.option(one, number)));
      this.list.hidden = !shown.length;
      this.input.setAttribute("aria-expanded", String(!this.list.hidden));
      this.told.textContent = shown.length ? this.dataset.some : "";
      this.choose(-1);
    }

    option({ kind, label, language, url }, number) {
      const row = Object.assign(document.createElement("a"), { href: url, tabIndex: -1 });
      row.id = `${this.list.id}-${number}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", "false");
      const words = Object.assign(document.createElement("span"), { textContent: label, lang: language });
      const of = Object.assign(document.createElement("span"), { textContent: kind, className: "meta" });
      row.append(words, " ", of);
      return row;
    }

    press(event) {
      const rows = this.list.children;
      if (!rows.length || event.isComposing) return;
      const steps = { ArrowDown: 1, ArrowUp: -1 };
      if (event.key in steps) {
        event.preventDefault();
        // The box itself is one of the places that the arrows go round.
        const places = rows.length + 1;
        this.choose(((this.chosen + 1 + steps[event.key] + places) % places) - 1);
      } else if (event.key === "Escape") {
        event.preventDefault();
        this.show([]);
      } else if (event.key === "Enter" && this.chosen >= 0) {
        event.preventDefault();
        rows[this.chosen].click();
      }
    }

    choose(number) {
      this.chosen = number;
      [...this.list.children].forEach((row, place) => {
        row.setAttribute("aria-selected", String(place === number));
        if (place === number) row.scrollIntoView({ block: "nearest" });
      });
      const row = this.list.children[number];
      if (row) this.input.setAttribute("aria-activedescendant", row.id);
      else this.input.removeAttribute("aria-activedescendant");
    }
  },
);
