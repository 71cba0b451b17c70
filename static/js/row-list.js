// Adds and removes rows of a list in the page. Without it, the same buttons send the form and come back.
customElements.define(
  "row-list",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", (event) => {
        const button = event.target.closest("button[name=rows]");
        if (!button || button.form !== this.closest("form")) return;
        event.preventDefault();
        if (button.value.startsWith("add:")) this.add();
        else this.remove(button.closest("[data-row]"));
      });
    }

    get rows() {
      return [...this.querySelectorAll("[data-row]")];
    }

    add() {
      const inputs = [...this.querySelectorAll(`[data-row] > input[name="${this.dataset.name}"]`)];
      const number = Math.max(-1, ...inputs.map((input) => Number(input.value))) + 1;
      const holder = document.createElement("div");
      holder.innerHTML = this.querySelector("template").innerHTML.replaceAll("__n__", number);
      const row = holder.firstElementChild;
      this.querySelector("[data-add]").before(row);
      this.settle();
      row.querySelector(".fields :is(input, select, textarea)").focus();
    }

    remove(row) {
      const near = row.nextElementSibling?.matches("[data-row]") ? row.nextElementSibling : null;
      row.remove();
      this.settle();
      (near ?? this.querySelector("[data-add] button")).focus();
      this.querySelector("[data-live]").textContent = this.dataset.removed;
    }

    // Numbers the rows, offers another while there is room, and tells the form that it changed.
    settle() {
      this.rows.forEach((row, place) => {
        for (const number of row.querySelectorAll("[data-number]")) number.textContent = place + 1;
      });
      const full = this.rows.length >= Number(this.dataset.most);
      this.querySelector("[data-add]").hidden = full;
      this.querySelector("[data-full]").hidden = !full;
      this.querySelector("[data-live]").textContent = "";
      this.dispatchEvent(new Event("input", { bubbles: true }));
    }
  },
);
