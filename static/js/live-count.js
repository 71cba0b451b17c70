// Says how many results the choices in its form would give: on the button that sends it, and beside each
// choice. What is empty stays out of the address. Without it, the numbers are those of the page as it came.
const QUIET = 250;

customElements.define(
  "live-count",
  class extends HTMLElement {
    connectedCallback() {
      this.form = this.closest("form");
      this.menu = this.form.elements.leave_out;
      this.offerToLeaveOut(this.menu.parentElement.querySelector("button"));
      this.form.addEventListener("change", () => this.change());
      this.form.addEventListener("formdata", (event) => this.trim(event.formData));
      addEventListener("pageshow", (event) => event.persisted && this.begin());
    }

    // A page that comes back from the browser's memory shows the choices of its address.
    begin() {
      for (const row of this.form.querySelectorAll("[data-added]")) row.remove();
      this.form.reset();
      this.ask();
    }

    change() {
      this.asking?.abort();
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), QUIET);
    }

    // Not the menu itself: each arrow key changes it, on the way to the value that is meant.
    offerToLeaveOut(button) {
      button.addEventListener("click", () => this.leaveOut(button));
      button.hidden = false;
    }

    // The menu says "facet:value": a box, ticked, takes the value over.
    leaveOut(button) {
      const [option] = this.menu.selectedOptions;
      if (!option.value) return this.menu.focus();
      const [facet, value] = option.value.split(":");
      const box = { name: `not_${facet}`, value };
      const known = this.options(this.form).find((input) => this.key(input) === this.key(box));
      if (known) known.checked = true;
      else this.addBox(box, option.dataset.label);
      this.menu.value = "";
      button.scrollIntoView({ block: "nearest" }); // The row moved it: it keeps the focus, and is to be seen.
      this.change();
    }

    addBox(box, label) {
      const row = this.form.querySelector("template").content.cloneNode(true);
      Object.assign(row.querySelector("input"), box);
      row.querySelector("span").textContent = label;
      this.menu.closest("p").before(row);
    }

    trim(data) {
      const said = [...data].filter(([, value]) => value !== "");
      for (const name of new Set(data.keys())) data.delete(name);
      for (const [name, value] of said) data.append(name, value);
    }

    async ask() {
      this.asking?.abort();
      this.asking = new AbortController();
      const { signal } = this.asking;
      const query = new URLSearchParams(new FormData(this.form));
      let page;
      try {
        const answer = await fetch(`${location.pathname}?${query}`, { signal });
        if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), "text/html");
      } catch {
        if (signal.aborted) return; // Asked again meanwhile.
      }
      const counted = page?.querySelector("live-count");
      if (counted) this.show(page, counted);
      else this.button.textContent = this.dataset.uncounted;
    }

    get button() {
      return this.querySelector("button");
    }

    // What is ticked, or under the reader's hand, is never taken away.
    show(page, counted) {
      this.button.textContent = counted.querySelector("button").textContent;
      this.querySelector("[role=status]").textContent = page.getElementById("results").textContent;
      const form = counted.closest("form");
      const theirs = new Map(this.options(form).map((input) => [this.key(input), input]));
      for (const input of this.options(this.form)) {
        const other = theirs.get(this.key(input));
        const count = input.closest("label").children[2];
        if (!other || !count) continue;
        count.textContent = other.closest("label").children[2].textContent;
        input.disabled = other.disabled && !input.checked && input !== document.activeElement;
      }
      const chosen = form.querySelectorAll("[data-chosen]");
      this.form.querySelectorAll("[data-chosen]").forEach((told, place) => {
        told.textContent = chosen[place].textContent;
      });
      if (this.menu.value) return; // Counted as left out already, so that it is not among those that came in.
      this.menu.replaceChildren(...form.elements.leave_out.children);
      this.menu.value = ""; // Else the last of those that came in would be chosen.
    }

    options(form) {
      return [...form.querySelectorAll("label > input")];
    }

    key(input) {
      return `${input.name}=${input.value}`;
    }
  },
);
